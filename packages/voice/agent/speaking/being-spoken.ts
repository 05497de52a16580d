import { voice } from '@livekit/agents';

/**
 * Whether the agent is in the middle of saying something, also while it pauses because somebody made a sound.
 *
 * @returns asked at any time. An answer that is prepared before the turn is over does not count.
 */
export function followSpeech(session: voice.AgentSession): () => boolean {
  let prepared: voice.SpeechHandle | undefined;
  let spoken: voice.SpeechHandle | undefined;
  session.on(voice.AgentSessionEventTypes.SpeechCreated, ({ speechHandle }) => {
    prepared = speechHandle;
  });
  session.on(voice.AgentSessionEventTypes.AgentStateChanged, ({ newState }) => {
    if (newState === 'speaking') spoken = prepared;
  });
  return () => spoken !== undefined && !spoken.done();
}
