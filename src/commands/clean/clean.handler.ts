import { lockProject } from '../../engine/lock.ts';
import { observe } from '../../engine/observe.ts';
import type { Plan } from '../../engine/operation.ts';
import { planClean } from '../../engine/plan-down.ts';
import { isEmpty } from '../../engine/plan-draft.ts';
import { printPlan } from '../../engine/print-plan.ts';
import { exitStatus } from '../../errors.ts';
import { countLiveRooms } from '../../probes/live-rooms.ts';
import { livekitServer } from '../../stack/livekit-server.ts';
import { carryOut } from '../carry-out.ts';
import type { Cli, Handler } from '../cli.ts';
import { confirm } from '../consent.ts';
import type { SelectionOptions } from '../selection-options.ts';
import { openEverything, withEngine } from '../session.ts';

const deadlineMilliseconds = 300_000;
const roomsMilliseconds = 2_000;

/** Removes containers and their data, after saying what that is and who is in a room right now. */
export const clean: Handler<SelectionOptions & { yes?: boolean }> = async (options, cli) => {
  const { workspace, stack, named } = await openEverything({ cli, request: options });
  return withEngine({
    cli,
    use: async (engine) => {
      await using _lock = await lockProject({
        environment: cli.environment,
        project: stack.project,
        command: 'arc clean',
      });
      const snapshot = await observe({ engine, project: stack.project, stack });
      const plan = planClean({ snapshot, ...(named === undefined ? {} : { roles: named }) });
      if (isEmpty(plan)) {
        cli.result({ data: { removed: [] }, text: () => 'There is nothing to remove.' });
        return exitStatus.done;
      }
      const server = livekitServer(stack);
      const stopsServer = plan.operations.some(
        (operation) => operation.kind === 'stop-container' && operation.role === server?.role,
      );
      const rooms =
        server !== undefined && stopsServer
          ? await countLiveRooms({ server: server.probe, timeoutMilliseconds: roomsMilliseconds })
          : undefined;
      announce({ cli, plan, rooms });
      await confirm({ cli, question: 'Remove all of this?', flag: '--yes', given: options.yes === true });
      await carryOut({
        cli,
        engine,
        plan,
        root: workspace.root,
        secrets: stack.secrets,
        milliseconds: deadlineMilliseconds,
      });
      cli.result({
        data: { removed: removedObjects(plan), rooms: rooms ?? null },
        text: () => `Removed ${removedObjects(plan).join(', ')}.`,
      });
      return exitStatus.done;
    },
  });
};

function announce(options: {
  cli: Cli;
  plan: Plan;
  rooms: { rooms: number; participants: number } | undefined;
}): void {
  const { cli, plan, rooms } = options;
  cli.print(printPlan(plan));
  if (rooms === undefined || rooms.rooms === 0) return;
  cli.emit({
    type: 'warning',
    problem: {
      code: 'live-rooms',
      message: `${rooms.rooms} ${rooms.rooms === 1 ? 'room is' : 'rooms are'} open with ${rooms.participants} ${rooms.participants === 1 ? 'participant' : 'participants'}: all are disconnected at once.`,
    },
  });
}

function removedObjects(plan: Plan): string[] {
  return plan.operations.flatMap((operation) => {
    if (operation.kind === 'remove-container') return [operation.name];
    if (operation.kind === 'remove-volume') return [`volume ${operation.volume}`];
    return [];
  });
}
