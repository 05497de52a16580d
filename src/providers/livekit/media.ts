import type { Reply } from '../../core/probes/ask.ts';
import { origin } from '../../core/socket-address.ts';
import { healthRoom } from './health-room.ts';
import { endRooms } from './live-rooms.ts';
import type { Aspect } from './probe.ts';
import type { LivekitServer } from './server.ts';
import { accessToken } from './token.ts';
import { runTask } from './webrtc/run-task.ts';
import type { Relay } from './webrtc/task.ts';

/** How long the end of the room may take, which seldom takes a tenth of it. */
const endMilliseconds = 500;

/** The share of the time limit that is reserved for leaving the room, for ending it, and for reporting. */
const leaveMilliseconds = 1_250;

/**
 * Two participants join over the published ports; one plays a tone and the other listens. This tests signalling, ICE,
 * DTLS and the media ports together. The WebRTC client is an optional dependency with a native library.
 */
export const media: Aspect['run'] = (options) => hear(options);

/**
 * Two participants, one of whom hears the other. The room is ended, however far they came: a server that is asked to stop
 * waits for the last participant, even for one that vanished, until it is killed. Anybody who joins later creates it again.
 *
 * @param options.relay the only way that media of both may go; absent if any way will do
 */
export async function hear(options: {
  server: LivekitServer;
  timeoutMilliseconds: number;
  signal: AbortSignal;
  relay?: Relay;
}): Promise<Reply> {
  const { server, timeoutMilliseconds, signal, relay } = options;
  const room = healthRoom();
  const token = (identity: string): Promise<string> =>
    accessToken({ server, identity, ttl: 60, grant: { room, roomCreate: true, canPublish: true } });
  const [speaker, listener] = await Promise.all([token('arc-health-speaker'), token('arc-health-listener')]);
  try {
    return await runTask({
      task: {
        kind: 'hear',
        url: origin(server.address).replace(/^http/, 'ws'),
        tokens: { speaker, listener },
        limitMilliseconds: Math.max(1, timeoutMilliseconds - leaveMilliseconds),
        ...(relay === undefined ? {} : { relay }),
      },
      limitMilliseconds: timeoutMilliseconds,
      signal,
    });
  } finally {
    await endRooms({ server, rooms: [room], timeoutMilliseconds: endMilliseconds });
  }
}
