import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than a server that works takes to answer. Milliseconds. */
const answerLimit = 2_000;

/**
 * Leaves a room before the process ends. While the library tries to get a lost connection back it may answer late or
 * never, so it is waited for no longer than a moment: the server then misses the participant by itself.
 */
export async function leaveRoom(
  room: { disconnect: () => Promise<void> },
  limitMilliseconds = answerLimit,
): Promise<void> {
  await Promise.race([room.disconnect().catch(() => {}), sleep(limitMilliseconds)]);
}
