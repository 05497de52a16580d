import { systemClock } from '../core/clock.ts';
import type { Plan } from '../core/step.ts';
import type { ServerLoss } from '../providers/provider.ts';
import { confirm } from './consent.ts';
import type { Context } from './context.ts';
import { drain } from './drain.ts';
import { describeLosses } from './losses.ts';

/** How a person has answered before they were asked. */
export type LossAnswer = {
  /** Consent to all of it. */
  yes?: boolean | undefined;
  /** Wait until nothing is live, at most that many milliseconds. */
  drain?: number | undefined;
};

/**
 * Protects live sessions: a plan that stops them needs consent, or waits until they have ended. Data that goes because
 * something is changed, such as messages beyond a lower limit, needs consent as well; what is removed has been named.
 *
 * @param options.losses of the plan
 * @param options.ask what is live now
 * @returns whether it has been waited for, so that the plan has to be made again
 * @throws ArcError `needs-consent` (exit status 2) if there is nobody to ask, `declined`, `not-drained`
 */
export async function consentToLoss(options: {
  context: Context;
  command: string;
  plan: Plan;
  losses: readonly ServerLoss[];
  answer: LossAnswer;
  ask: () => Promise<readonly ServerLoss[]>;
  show: (plan: Plan) => void;
}): Promise<'agreed' | 'drained'> {
  const { context, command, plan, answer, ask, show } = options;
  const live = options.losses.filter(({ kind }) => kind === 'live');
  const changed = lostByChange(plan);
  const isDrained = live.length > 0 && answer.drain !== undefined;
  const lost = [...(isDrained ? [] : live), ...changed];
  if (lost.length > 0) {
    if (answer.yes !== true && context.ask !== undefined) show(plan);
    await confirm({
      context,
      question: `arc ${command} loses ${describeLosses(lost)}. Continue?`,
      flag: '--yes',
      given: answer.yes === true,
    });
  }
  if (live.length === 0 || answer.drain === undefined) return 'agreed';
  const { signal, emit } = context;
  await drain({ ask, milliseconds: answer.drain, clock: systemClock, signal, emit });
  return 'drained';
}

/** Each with the address of what is changed, as a role has no more than one of a name. */
function lostByChange({ steps }: Plan): readonly ServerLoss[] {
  return steps.flatMap(({ verb, on, loses = [] }) =>
    verb === 'change'
      ? loses.filter(({ kind }) => kind === 'data').map((loss) => ({ ...loss, role: on }))
      : [],
  );
}
