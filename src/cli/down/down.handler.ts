import { consentToLoss } from '../../app/consent-to-loss.ts';
import { lossesOf } from '../../app/losses.ts';
import type { SelectionOptions } from '../../app/request.ts';
import { removedObjects, tearDown } from '../../app/tear-down.ts';
import { exitStatus } from '../../core/errors.ts';
import { type DownSelection, selectDown } from '../../platform/docker/down-selection.ts';
import { planDown } from '../../platform/docker/plan-down.ts';
import type { ServerLoss } from '../../providers/provider.ts';
import type { Handler } from '../cli.ts';
import { lostText } from '../lost-text.ts';
import { showPlan } from '../show-plan.ts';

type DownOptions = SelectionOptions & { takeOver?: boolean; yes?: boolean; drain?: number };

/** Stops and removes what is selected with all that it alone needs, dependents first. Data volumes stay. */
export const down: Handler<DownOptions> = async (options, cli) => {
  let lost: readonly ServerLoss[] = [];
  let stays: DownSelection['stays'] = [];
  const { plan } = await tearDown({
    cli,
    request: options,
    command: 'down',
    byLabels: true,
    plan: ({ snapshot, roles: named, leftOut, stack }) => {
      if (named === undefined) return planDown({ snapshot });
      const described = new Map(
        stack.containers.map(({ role, dependsOn }) => [role, dependsOn.map((need) => need.role)]),
      );
      const selected = selectDown({ snapshot, named, leftOut, described });
      stays = selected.stays;
      return planDown({ snapshot, roles: selected.roles });
    },
    does: 'stops and removes what runs for somebody else',
    takeOver: options.takeOver === true,
    consent: async (given) => {
      const found = await lossesOf({ cli, ...given });
      const ask = async () => (await lossesOf({ cli, ...given })).losses;
      const how = { context: cli, command: 'down', answer: options, ask, show: showPlan(cli) };
      const consent = await consentToLoss({ ...how, ...found });
      if (consent === 'agreed') lost = found.losses;
      if (consent === 'agreed') await found.endLive();
    },
  });
  const removed = removedObjects(plan);
  cli.result({
    data: { removed, lost, stays: stays.map(({ name, neededBy }) => ({ name, neededBy })) },
    text: () => [headline({ removed, stays }), ...lostText(lost), ...stays.map(stayText)].join('\n'),
  });
  return exitStatus.done;
};

function headline(options: { removed: readonly string[]; stays: DownSelection['stays'] }): string {
  const { removed, stays } = options;
  if (removed.length > 0)
    return `Removed ${removed.join(', ')}. Data is kept; \`arc up\` brings it all back.`;
  return stays.length > 0 ? 'Nothing was removed.' : 'Nothing is running.';
}

/** `arc-cache stays: realtime needs it.` */
function stayText({ name, neededBy }: DownSelection['stays'][number]): string {
  const last = neededBy.at(-1) ?? '';
  const rest = neededBy.slice(0, -1);
  return rest.length === 0
    ? `${name} stays: ${last} needs it.`
    : `${name} stays: ${rest.join(', ')} and ${last} need it.`;
}
