import { origin, type SocketAddress } from '../../../core/socket-address.ts';
import type { VoiceResult } from '../../voice.ts';
import { voiceRoom } from '../health-room.ts';
import { endRooms } from '../live-rooms.ts';
import type { LivekitServer } from '../server.ts';
import { accessToken } from '../token.ts';
import { runTask } from '../webrtc/run-task.ts';

/** Longer than all that a turn waits for. */
const limitMilliseconds = 240_000;

/** Asks one question in a room of its own, as a person would. */
export async function voiceTurn(options: {
  server: LivekitServer;
  speech: SocketAddress;
  question: string;
  expected: string;
  signal: AbortSignal;
}): Promise<VoiceResult> {
  const { server, speech, question, expected, signal } = options;
  const room = voiceRoom();
  const grant = { room, roomCreate: true, canPublish: true };
  const token = await accessToken({ server, identity: 'arc-voice-check', ttl: 120, grant });
  const url = origin(server.address).replace(/^http/, 'ws');
  const { host, port } = speech;
  try {
    return await runTask({
      task: { kind: 'converse', url, token, speech: { host, port }, question, expected },
      limitMilliseconds,
      signal,
    });
  } finally {
    await endRooms({ server, rooms: [room], timeoutMilliseconds: 1_000 });
  }
}
