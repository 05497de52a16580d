import { lockProject } from '../../engine/lock.ts';
import { observe } from '../../engine/observe.ts';
import { planNuke } from '../../engine/plan-down.ts';
import { isEmpty } from '../../engine/plan-draft.ts';
import { printPlan } from '../../engine/print-plan.ts';
import { exitStatus } from '../../errors.ts';
import { carryOut } from '../carry-out.ts';
import type { Handler } from '../cli.ts';
import { confirmByTyping } from '../consent.ts';
import { openEverything, withEngine } from '../session.ts';

const deadlineMilliseconds = 300_000;

/** Removes everything of the project from the Engine. Files of the workspace stay, secrets included. */
export const nuke: Handler<{ force?: boolean }> = async (options, cli) => {
  const { workspace, stack } = await openEverything({
    cli,
    request: { selection: [], without: [], set: [] },
  });
  return withEngine({
    cli,
    use: async (engine) => {
      await using _lock = await lockProject({
        environment: cli.environment,
        project: stack.project,
        command: 'arc nuke',
      });
      const plan = planNuke({ snapshot: await observe({ engine, project: stack.project, stack }) });
      if (isEmpty(plan)) {
        cli.result({ data: { operations: 0 }, text: () => 'There is nothing to remove.' });
        return exitStatus.done;
      }
      cli.print(printPlan(plan));
      await confirmByTyping({
        cli,
        question: `All of this is removed, DATA INCLUDED. Type ${stack.project} to go on:`,
        word: stack.project,
        flag: '--force',
        given: options.force === true,
      });
      await carryOut({
        cli,
        engine,
        plan,
        root: workspace.root,
        secrets: stack.secrets,
        milliseconds: deadlineMilliseconds,
      });
      cli.result({
        data: { operations: plan.operations.length },
        text: () => `Nothing is left of ${stack.project}.`,
      });
      return exitStatus.done;
    },
  });
};
