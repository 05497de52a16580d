import { type DownSelection, selectDown } from '../platform/docker/down-selection.ts';
import { planDown } from '../platform/docker/plan-down.ts';
import { consentToLoss, type LossAnswer } from './consent-to-loss.ts';
import type { Context } from './context.ts';
import { type Doomed, type TearDownRequest, type TornDown, tearDown } from './tear-down.ts';

/** Selected containers that stay, because other running containers need them. */
export type Stays = DownSelection['stays'];

/**
 * Stops and removes the selected containers and the dependencies that only they use, dependents first. Keeps volumes
 * with data.
 *
 * @param options.show shows a plan that a person is asked about
 */
export async function down(options: {
  context: Context;
  request: TearDownRequest & LossAnswer;
  show: (plan: Doomed['plan']) => void;
}): Promise<TornDown & { stays: Stays }> {
  const { context, request, show } = options;
  let stays: Stays = [];
  const tornDown = await tearDown({
    context,
    request,
    command: 'down',
    byLabels: true,
    plan: ({ snapshot, roles: named, leftOut, stack }) => {
      if (named === undefined) return planDown({ snapshot });
      const described = new Map(
        stack.containers.map(({ role, dependsOn }) => [role, dependsOn.map((need) => need.role)]),
      );
      const loose = new Map(
        stack.containers.map(({ role, dependsOn }) => [
          role,
          new Set(dependsOn.filter(({ whenPresent }) => whenPresent).map((need) => need.role)),
        ]),
      );
      const selected = selectDown({ snapshot, named, leftOut, described, loose });
      stays = selected.stays;
      return planDown({ snapshot, roles: selected.roles });
    },
    does: 'stops and removes what runs for somebody else',
    consent: (doomed) => consentToLoss({ context, command: 'down', answer: request, show, ...doomed }),
  });
  return { ...tornDown, stays };
}
