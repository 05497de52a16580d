import { lockProject } from '../../engine/lock.ts';
import { observe } from '../../engine/observe.ts';
import { planDown } from '../../engine/plan-down.ts';
import { isEmpty } from '../../engine/plan-draft.ts';
import { exitStatus } from '../../errors.ts';
import { carryOut } from '../carry-out.ts';
import type { Handler } from '../cli.ts';
import type { SelectionOptions } from '../selection-options.ts';
import { openEverything, withEngine } from '../session.ts';

/** Longer than the grace periods of a chain of containers that all have to be killed. */
const deadlineMilliseconds = 300_000;

/** Stops and removes containers, dependents first. Data volumes stay. */
export const down: Handler<SelectionOptions> = async (options, cli) => {
  const { workspace, stack, named } = await openEverything({ cli, request: options });
  return withEngine({
    cli,
    use: async (engine) => {
      await using _lock = await lockProject({
        environment: cli.environment,
        project: stack.project,
        command: 'arc down',
      });
      const snapshot = await observe({ engine, project: stack.project, stack });
      const plan = planDown({ snapshot, ...(named === undefined ? {} : { roles: named }) });
      const { milliseconds } = await carryOut({
        cli,
        engine,
        plan,
        root: workspace.root,
        secrets: stack.secrets,
        milliseconds: deadlineMilliseconds,
      });
      const removed = plan.operations.flatMap((operation) =>
        operation.kind === 'remove-container' ? [operation.name] : [],
      );
      cli.result({
        data: { removed, milliseconds },
        text: () =>
          isEmpty(plan)
            ? 'Nothing is running.'
            : `Removed ${removed.join(', ')}. Data is kept; \`arc up\` brings it all back.`,
      });
      return exitStatus.done;
    },
  });
};
