import type { Plan } from '../core/step.ts';

/** A plan in an answer with `--json`: what is done to what, why, after what, and what is lost by it. */
export function stepsAnswer(plan: Plan): unknown {
  return plan.steps.map(({ id, verb, on, after, cause, loses = [] }) => ({
    id,
    verb,
    on,
    after,
    cause,
    ...(loses.length === 0 ? {} : { loses }),
  }));
}
