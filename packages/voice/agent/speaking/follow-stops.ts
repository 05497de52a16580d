import { voice } from '@livekit/agents';

/**
 * How long the agent goes on when somebody speaks over it.
 *
 * @returns milliseconds from the first sound that was noticed to its own last one; undefined where the answer that is over
 *   was not interrupted
 */
export function followStops(session: voice.AgentSession): () => number | undefined {
  let noticed: number | undefined;
  let took: number | undefined;
  session.on(voice.AgentSessionEventTypes.UserStateChanged, ({ newState }) => {
    noticed = newState === 'speaking' ? performance.now() : undefined;
  });
  session.on(voice.AgentSessionEventTypes.AgentStateChanged, ({ oldState, newState }) => {
    if (newState === 'speaking') took = undefined;
    else if (oldState === 'speaking' && noticed !== undefined) took = performance.now() - noticed;
  });
  return () => took;
}
