import type { Plan } from '../../engine/operation.ts';
import { planClean } from '../../engine/plan-down.ts';
import { printPlan } from '../../engine/print-plan.ts';
import { exitStatus } from '../../errors.ts';
import { countLiveRooms } from '../../probes/live-rooms.ts';
import { livekitServer } from '../../stack/livekit-server.ts';
import type { ResolvedStack } from '../../stack/model.ts';
import type { Cli, Handler } from '../cli.ts';
import { confirm } from '../consent.ts';
import type { SelectionOptions } from '../selection-options.ts';
import { removedObjects, tearDown } from '../tear-down.ts';

const roomsMilliseconds = 2_000;

/** Removes containers and their data, after saying what that is and who is in a room right now. */
export const clean: Handler<SelectionOptions & { yes?: boolean }> = async (options, cli) => {
  const { plan } = await tearDown({
    cli,
    request: options,
    command: 'clean',
    plan: planClean,
    consent: async ({ plan, stack }) => {
      cli.print(printPlan(plan));
      await warnOfLiveRooms({ cli, plan, stack });
      await confirm({ cli, question: 'Remove all of this?', flag: '--yes', given: options.yes === true });
    },
  });
  const removed = removedObjects(plan);
  cli.result({
    data: { removed },
    text: () => (removed.length === 0 ? 'There is nothing to remove.' : `Removed ${removed.join(', ')}.`),
  });
  return exitStatus.done;
};

/** Whoever is in a room is cut off at once, so it is said how many that are. */
async function warnOfLiveRooms(options: { cli: Cli; plan: Plan; stack: ResolvedStack }): Promise<void> {
  const server = livekitServer(options.stack);
  const stopsServer = options.plan.operations.some(
    (operation) => operation.kind === 'stop-container' && operation.role === server?.role,
  );
  if (server === undefined || !stopsServer) return;
  const live = await countLiveRooms({ server: server.probe, timeoutMilliseconds: roomsMilliseconds });
  if (live === undefined || live.rooms === 0) return;
  const rooms = `${live.rooms} ${live.rooms === 1 ? 'room is' : 'rooms are'} open`;
  const people = `${live.participants} ${live.participants === 1 ? 'participant' : 'participants'}`;
  options.cli.emit({
    type: 'warning',
    problem: { code: 'live-rooms', message: `${rooms} with ${people}: all are disconnected at once.` },
  });
}
