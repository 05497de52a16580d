import { planClean } from '../platform/docker/plan-down.ts';
import { confirm } from './consent.ts';
import type { Context } from './context.ts';
import { type Doomed, type TearDownRequest, type TornDown, tearDown } from './tear-down.ts';

/**
 * Removes containers and their data, after showing what will be removed and who is in a room.
 *
 * @param options.show shows the plan, with its losses, that a person is asked about
 */
export function clean(options: {
  context: Context;
  request: TearDownRequest & { yes?: boolean };
  show: (plan: Doomed['plan']) => void;
}): Promise<TornDown> {
  const { context, request, show } = options;
  return tearDown({
    context,
    request,
    command: 'clean',
    plan: planClean,
    does: 'removes what somebody else works with, and its data',
    consent: async ({ plan }) => {
      show(plan);
      const given = request.yes === true;
      await confirm({ context, question: 'Remove all of this?', flag: '--yes', given });
      return 'agreed';
    },
  });
}
