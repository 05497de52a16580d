import { DisconnectReason, type Room, RoomEvent } from '@livekit/rtc-node';

/** How a session in a room ends that was not left: `lost` where the room may go on without it. */
export type SessionEnd = 'lost' | 'over';

const lostBy = new Set<DisconnectReason>([
  DisconnectReason.UNKNOWN_REASON,
  DisconnectReason.STATE_MISMATCH,
  DisconnectReason.JOIN_FAILURE,
  DisconnectReason.SIGNAL_CLOSE,
  DisconnectReason.SERVER_SHUTDOWN,
  DisconnectReason.CONNECTION_TIMEOUT,
  DisconnectReason.MEDIA_FAILURE,
]);

/**
 * How long the library may try to get a lost connection back. Of a server that is restarted it takes up to 20 s; beyond
 * that the library has been seen to try for good, and to say nothing. Milliseconds.
 */
const regainLimit = 30_000;

/**
 * Tells how a session ends, once.
 *
 * @returns forgets it: for whoever leaves the room
 */
export function onSessionEnd(
  room: Pick<Room, 'on'>,
  ended: (how: SessionEnd) => void,
  regainMilliseconds = regainLimit,
): () => void {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const forget = (): void => {
    isOver = true;
    clearTimeout(timer);
  };
  const end = (how: SessionEnd): void => {
    if (isOver) return;
    forget();
    ended(how);
  };
  room.on(RoomEvent.Reconnecting, () => {
    clearTimeout(timer);
    if (!isOver) timer = setTimeout(() => end('lost'), regainMilliseconds);
  });
  room.on(RoomEvent.Reconnected, () => clearTimeout(timer));
  room.on(RoomEvent.Disconnected, (reason) => end(lostBy.has(reason) ? 'lost' : 'over'));
  return forget;
}
