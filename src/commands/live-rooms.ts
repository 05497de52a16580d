import type { Plan } from '../engine/operation.ts';
import { endRooms, findLiveRooms } from '../probes/live-rooms.ts';
import { livekitServer } from '../stack/livekit-server.ts';
import type { ResolvedStack } from '../stack/model.ts';
import type { Cli } from './cli.ts';

const timeoutMilliseconds = 2_000;

/**
 * Whoever is in a room of a server that a plan stops is cut off at once, so it is said how many that are.
 *
 * @returns ends those rooms; to be called when there is consent
 */
export async function warnOfLiveRooms(options: {
  cli: Cli;
  plan: Plan;
  stack: ResolvedStack;
}): Promise<() => Promise<void>> {
  const server = livekitServer(options.stack);
  const stopsServer = options.plan.operations.some(
    (operation) => operation.kind === 'stop-container' && operation.role === server?.role,
  );
  if (server === undefined || !stopsServer) return async () => {};
  const live = await findLiveRooms({ server: server.probe, timeoutMilliseconds });
  if (live === undefined || live.rooms.length === 0) return async () => {};
  const rooms = `${live.rooms.length} ${live.rooms.length === 1 ? 'room is' : 'rooms are'} open`;
  const people = `${live.participants} ${live.participants === 1 ? 'participant' : 'participants'}`;
  options.cli.emit({
    type: 'warning',
    problem: { code: 'live-rooms', message: `${rooms} with ${people}: all are disconnected at once.` },
  });
  return () => endRooms({ server: server.probe, rooms: live.rooms, timeoutMilliseconds });
}
