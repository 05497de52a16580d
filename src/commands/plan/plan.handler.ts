import { observe } from '../../engine/observe.ts';
import type { Plan } from '../../engine/operation.ts';
import { isEmpty } from '../../engine/plan-draft.ts';
import { planUp } from '../../engine/plan-up.ts';
import { printPlan } from '../../engine/print-plan.ts';
import { exitStatus } from '../../errors.ts';
import type { Handler } from '../cli.ts';
import type { SelectionOptions } from '../selection-options.ts';
import { openStack, withEngine } from '../session.ts';

/** Prints what `arc up` would do. Looks at the Engine, and changes nothing. */
export const showPlan: Handler<SelectionOptions & { exitCode?: boolean }> = async (options, cli) => {
  const { workspace, stack } = await openStack({ cli, request: options });
  const plan = await withEngine({
    cli,
    use: async (engine) => {
      const snapshot = await observe({ engine, project: stack.project, stack });
      return planUp({ stack, snapshot, root: workspace.root });
    },
  });
  for (const { problem } of stack.refused) cli.emit({ type: 'warning', problem });
  cli.result({ data: { operations: plan.operations.map(operationData) }, text: () => printPlan(plan) });
  return options.exitCode === true && !isEmpty(plan) ? exitStatus.drift : exitStatus.done;
};

function operationData(operation: Plan['operations'][number]): object {
  const { id, kind, after, cause } = operation;
  return { id, kind, after, cause };
}
