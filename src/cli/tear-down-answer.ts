import { removedObjects, type TornDown } from '../app/tear-down.ts';
import { printPlan } from '../core/print-plan.ts';
import { lostText } from './lost-text.ts';
import { stepsAnswer } from './steps-answer.ts';

/**
 * The answer of `down`, `clean` and `nuke`: what was removed and lost or, with `--dry-run`, only the plan.
 *
 * @param options.more further data of the command
 * @param options.headline the words for what was removed
 * @param options.notes the lines after them, also after the plan of a dry run
 */
export function tearDownAnswer(options: {
  tornDown: TornDown;
  dryRun: boolean;
  more: Readonly<Record<string, unknown>>;
  headline: (removed: readonly string[]) => string;
  notes: readonly string[];
}): { data: unknown; text: () => string } {
  const { tornDown, dryRun, more, headline, notes } = options;
  const { plan, lost } = tornDown;
  const removed = dryRun ? [] : removedObjects(plan);
  return {
    data: { removed, lost, ...more, dryRun, steps: stepsAnswer(plan) },
    text: () =>
      [...(dryRun ? [printPlan(plan)] : [headline(removed), ...lostText(lost)]), ...notes].join('\n'),
  };
}
