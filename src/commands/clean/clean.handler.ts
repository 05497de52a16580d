import { planClean } from '../../engine/plan-down.ts';
import { printPlan } from '../../engine/print-plan.ts';
import { exitStatus } from '../../errors.ts';
import { wrapText } from '../../output/wrap.ts';
import type { Handler } from '../cli.ts';
import { confirm } from '../consent.ts';
import { warnOfLiveRooms } from '../live-rooms.ts';
import type { SelectionOptions } from '../selection-options.ts';
import { warnOfStoredObjects } from '../stored-objects.ts';
import { removedObjects, tearDown } from '../tear-down.ts';

/** Removes containers and their data, after saying what that is and who is in a room right now. */
export const clean: Handler<SelectionOptions & { yes?: boolean; takeOver?: boolean }> = async (
  options,
  cli,
) => {
  const { plan } = await tearDown({
    cli,
    request: options,
    command: 'clean',
    plan: planClean,
    does: 'removes what somebody else works with, and its data',
    takeOver: options.takeOver === true,
    consent: async ({ plan, stack }) => {
      cli.print(wrapText(printPlan(plan), cli.columns));
      const endRooms = await warnOfLiveRooms({ cli, plan, stack });
      await warnOfStoredObjects({ cli, plan, stack });
      await confirm({ cli, question: 'Remove all of this?', flag: '--yes', given: options.yes === true });
      await endRooms();
    },
  });
  const removed = removedObjects(plan);
  cli.result({
    data: { removed },
    text: () => (removed.length === 0 ? 'There is nothing to remove.' : `Removed ${removed.join(', ')}.`),
  });
  return exitStatus.done;
};
