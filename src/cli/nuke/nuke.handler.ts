import { leftAlone } from '../../app/left-alone.ts';
import { nuke as removeAll } from '../../app/nuke.ts';
import { exitStatus } from '../../core/errors.ts';
import type { Handler } from '../cli.ts';
import { showPlan } from '../show-plan.ts';
import { tearDownAnswer } from '../tear-down-answer.ts';

/** Removes everything of the project from the Engine. Files of the workspace stay, secrets included. */
export const nuke: Handler<Parameters<typeof removeAll>[0]['request']> = async (request, cli) => {
  const tornDown = await removeAll({ context: cli, request, show: showPlan(cli) });
  const { stack, left } = tornDown;
  cli.result(
    tearDownAnswer({
      tornDown,
      dryRun: request.dryRun === true,
      more: { left },
      headline: (removed) =>
        removed.length === 0
          ? 'There is nothing to remove.'
          : `${left.length === 0 ? 'Nothing is left' : 'Nothing that arc made is left'} of the project ${stack.project} on this Engine. Bases stay for the next boot; \`arc images prune\` removes old ones.`,
      notes: leftAlone(left),
    }),
  );
  return exitStatus.done;
};
