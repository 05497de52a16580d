import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '../log.ts';
import { type Errand, findMissingAgents } from './missing-agents.ts';
import type { Rooms } from './rooms.ts';

/** How often rooms are looked at: the next caller is told within two seconds that the worker is full. */
const everyMs = 500;

/**
 * Looks at all rooms until it is stopped, and sends agents where one is missing. What LiveKit refuses or does not answer
 * is tried again with the next look, and told once.
 *
 * @param options.free how many more conversations fit, asked for each look
 * @param options.isServed whether this worker has an agent in a room, or on its way there
 */
export async function tendRooms(options: {
  rooms: Rooms;
  free: () => number;
  isServed: (room: string) => boolean;
  signal: AbortSignal;
}): Promise<void> {
  const { rooms, free, isServed, signal } = options;
  const find = findMissingAgents();
  let told = '';
  while (!signal.aborted) {
    try {
      const list = await rooms.list();
      for (const errand of find({ rooms: list, now: performance.now(), free: free(), isServed }))
        await run(errand, rooms);
      told = '';
    } catch (cause) {
      if (String(cause) !== told) log('error', 'rooms', { cause: String(cause) });
      told = String(cause);
    }
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
}

async function run(errand: Errand, rooms: Rooms): Promise<void> {
  log('info', errand.kind === 'send' ? 'sending-agent' : 'told-full', { room: errand.room });
  switch (errand.kind) {
    case 'send':
      return await rooms.send(errand.room);
    case 'full':
      return await rooms.tell(errand.room, { state: 'full' });
    default:
      return errand satisfies never;
  }
}
