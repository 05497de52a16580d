import { clean as cleanUp } from '../../app/clean.ts';
import { leftAlone } from '../../app/left-alone.ts';
import type { TearDownRequest } from '../../app/tear-down.ts';
import { exitStatus } from '../../core/errors.ts';
import type { Handler } from '../cli.ts';
import { showPlan } from '../show-plan.ts';
import { tearDownAnswer } from '../tear-down-answer.ts';

/** Removes containers and their data, after saying what that is and who is in a room right now. */
export const clean: Handler<TearDownRequest & { yes?: boolean }> = async (request, cli) => {
  const tornDown = await cleanUp({ context: cli, request, show: showPlan(cli) });
  // A network is shared, and no part of the data.
  const left = tornDown.left.filter(({ kind }) => kind !== 'network');
  cli.result(
    tearDownAnswer({
      tornDown,
      dryRun: request.dryRun === true,
      more: { left },
      headline: (removed) =>
        removed.length === 0 ? 'There is nothing to remove.' : `Removed ${removed.join(', ')}.`,
      notes: leftAlone(left),
    }),
  );
  return exitStatus.done;
};
