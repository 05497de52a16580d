import { setTimeout as sleep } from 'node:timers/promises';
import type { PortName, Reached } from '../core/address.ts';
import type { Plan } from '../core/step.ts';
import { worksOf } from '../platform/docker/drivers/work.ts';
import type { Platform } from '../platform/platform.ts';
import { endRooms, findLiveRooms, type LiveRooms } from '../providers/livekit/live-rooms.ts';
import { livekitServer } from '../stack/livekit-server.ts';
import type { ResolvedStack } from '../stack/model.ts';
import type { Context } from './context.ts';

const timeoutMilliseconds = 2_000;

/**
 * Whoever is in a room of a server that a plan stops is cut off at once, so it is said how many that are.
 *
 * @returns ends those rooms; to be called when there is consent
 */
export async function warnOfLiveRooms(options: {
  cli: Context;
  plan: Plan;
  stack: ResolvedStack;
  reach: Platform['reach'];
}): Promise<() => Promise<void>> {
  const cut = await findRoomsOfPlan(options);
  if (cut === undefined) return async () => {};
  const message = `${describe(cut.live)}: all are disconnected at once.`;
  options.cli.emit({ type: 'warning', problem: { code: 'live-rooms', message } });
  const { probe, live } = cut;
  return async () => {
    const found = await reachInTime(options.reach, probe);
    if (found === undefined) return;
    await using address = found;
    await endRooms({ server: probe, address, rooms: live.rooms, timeoutMilliseconds });
  };
}

/** A server in whose rooms is nobody stops within a fraction of this. */
const patienceMilliseconds = 1_000;

/**
 * A server with a room open takes its whole grace to stop. Whoever watches is told what is waited for, once it lasts:
 * a stop that is quick is not made slower by a question.
 *
 * @param options.signal aborted when there is nothing more to wait for
 */
export async function sayWhatStopAwaits(options: {
  cli: Context;
  plan: Plan;
  stack: ResolvedStack;
  reach: Platform['reach'];
  signal: AbortSignal;
}): Promise<void> {
  const { signal } = options;
  await sleep(patienceMilliseconds, undefined, { signal }).catch(() => undefined);
  if (signal.aborted) return;
  const cut = await findRoomsOfPlan(options);
  if (cut === undefined) return;
  const message = `${describe(cut.live)}: ${cut.name} waits up to ${cut.graceSeconds} s for them to leave, then they are disconnected.`;
  options.cli.emit({ type: 'warning', problem: { code: 'live-rooms', message } });
}

/** @returns nothing where the plan stops no server, or nobody is in a room of it */
async function findRoomsOfPlan(options: { plan: Plan; stack: ResolvedStack; reach: Platform['reach'] }) {
  const server = livekitServer(options.stack);
  const stop = worksOf(options.plan, 'stop').find(({ role }) => role === server?.role);
  if (server === undefined || stop === undefined) return undefined;
  const { probe } = server;
  const found = await reachInTime(options.reach, probe);
  if (found === undefined) return undefined;
  await using address = found;
  const live = await findLiveRooms({ server: probe, address, timeoutMilliseconds });
  if (live === undefined || live.rooms.length === 0) return undefined;
  return { probe, live, name: stop.name, graceSeconds: stop.graceSeconds };
}

/** A server that cannot be reached has nobody in a room that could be told. */
async function reachInTime(reach: Platform['reach'], { at }: { at: PortName }): Promise<Reached | undefined> {
  return await reach(at, AbortSignal.timeout(timeoutMilliseconds)).catch(() => undefined);
}

function describe({ rooms, participants }: LiveRooms): string {
  const open = `${rooms.length} ${rooms.length === 1 ? 'room is' : 'rooms are'} open`;
  return `${open} with ${participants} ${participants === 1 ? 'participant' : 'participants'}`;
}
