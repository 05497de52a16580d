import type { LossAnswer } from '../../app/consent-to-loss.ts';
import { type Stays, down as takeDown } from '../../app/down.ts';
import type { TearDownRequest } from '../../app/tear-down.ts';
import { exitStatus } from '../../core/errors.ts';
import type { Handler } from '../cli.ts';
import { showPlan } from '../show-plan.ts';
import { tearDownAnswer } from '../tear-down-answer.ts';

/** Stops and removes what is selected with all that it alone needs, dependents first. Data volumes stay. */
export const down: Handler<TearDownRequest & LossAnswer> = async (request, cli) => {
  const { stays, ...tornDown } = await takeDown({ context: cli, request, show: showPlan(cli) });
  cli.result(
    tearDownAnswer({
      tornDown,
      dryRun: request.dryRun === true,
      more: { stays: stays.map(({ name, neededBy }) => ({ name, neededBy })) },
      headline: (removed) => headline({ removed, stays }),
      notes: stays.map(stayText),
    }),
  );
  return exitStatus.done;
};

function headline(options: { removed: readonly string[]; stays: Stays }): string {
  const { removed, stays } = options;
  if (removed.length > 0)
    return `Removed ${removed.join(', ')}. Data is kept; \`arc up\` brings it all back.`;
  return stays.length > 0 ? 'Nothing was removed.' : 'Nothing is running.';
}

/** `arc-cache stays: realtime needs it.` */
function stayText({ name, neededBy }: Stays[number]): string {
  const last = neededBy.at(-1) ?? '';
  const rest = neededBy.slice(0, -1);
  return rest.length === 0
    ? `${name} stays: ${last} needs it.`
    : `${name} stays: ${rest.join(', ')} and ${last} need it.`;
}
