import * as rtc from '@livekit/rtc-node';
import { joinAsCaller, type VoiceCaller } from '../../src/providers/livekit/voice/caller.ts';
import { speechService } from '../../src/providers/livekit/voice/speech.ts';
import { resultOf } from './run-arc.ts';
import type { Stage } from './stage.ts';

/** The stack's voice and ears. */
export const speech = speechService({
  address: { host: '127.0.0.1', port: 8001 },
  signal: new AbortController().signal,
});

/** Somebody joins a room with a microphone and ears. */
export async function joinRoom(options: {
  stage: Stage;
  room: string;
  identity: string;
}): Promise<VoiceCaller> {
  const { stage, room, identity } = options;
  const { stdout } = await stage.succeed(['token', '--room', room, '--identity', identity, '--json'], {
    answersWithSecret: true,
  });
  const { token } = resultOf<{ token: string }>(stdout);
  const { signal } = new AbortController();
  return await joinAsCaller({ rtc, url: 'ws://127.0.0.1:7880', token, signal });
}

/** What a conversation was, for a test that fails: everything that was told in the room. */
export function conversationOf(caller: VoiceCaller): string {
  return caller.messages.map(({ topic, from, text }) => `${topic} of ${from}: ${text}`).join('\n');
}
