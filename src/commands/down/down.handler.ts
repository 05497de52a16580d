import { planDown } from '../../engine/plan-down.ts';
import { exitStatus } from '../../errors.ts';
import type { Handler } from '../cli.ts';
import type { SelectionOptions } from '../selection-options.ts';
import { removedObjects, tearDown } from '../tear-down.ts';

/** Stops and removes containers, dependents first. Data volumes stay. */
export const down: Handler<SelectionOptions & { takeOver?: boolean }> = async (options, cli) => {
  const { plan } = await tearDown({
    cli,
    request: options,
    command: 'down',
    byLabels: true,
    plan: planDown,
    does: 'stops and removes what runs for somebody else',
    takeOver: options.takeOver === true,
  });
  const removed = removedObjects(plan);
  cli.result({
    data: { removed },
    text: () =>
      removed.length === 0
        ? 'Nothing is running.'
        : `Removed ${removed.join(', ')}. Data is kept; \`arc up\` brings it all back.`,
  });
  return exitStatus.done;
};
