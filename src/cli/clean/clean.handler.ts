import { confirm } from '../../app/consent.ts';
import { leftAlone } from '../../app/left-alone.ts';
import { warnOfLosses } from '../../app/losses.ts';
import type { SelectionOptions } from '../../app/request.ts';
import { removedObjects, tearDown } from '../../app/tear-down.ts';
import { exitStatus } from '../../core/errors.ts';
import { printPlan } from '../../core/print-plan.ts';
import { wrapText } from '../../core/wrap.ts';
import { planClean } from '../../platform/docker/plan-down.ts';
import type { Handler } from '../cli.ts';

/** Removes containers and their data, after saying what that is and who is in a room right now. */
export const clean: Handler<SelectionOptions & { yes?: boolean; takeOver?: boolean }> = async (
  options,
  cli,
) => {
  const { plan, left: all } = await tearDown({
    cli,
    request: options,
    command: 'clean',
    plan: planClean,
    does: 'removes what somebody else works with, and its data',
    takeOver: options.takeOver === true,
    consent: async ({ plan, stack, reach }) => {
      cli.print(wrapText(printPlan(plan), cli.columns));
      const endLive = await warnOfLosses({ cli, plan, stack, reach });
      await confirm({ cli, question: 'Remove all of this?', flag: '--yes', given: options.yes === true });
      await endLive();
    },
  });
  const removed = removedObjects(plan);
  // A network is shared, and no part of the data.
  const left = all.filter(({ kind }) => kind !== 'network');
  cli.result({
    data: { removed, left },
    text: () =>
      [
        removed.length === 0 ? 'There is nothing to remove.' : `Removed ${removed.join(', ')}.`,
        ...leftAlone(left),
      ].join('\n'),
  });
  return exitStatus.done;
};
