import { failWithout } from '../images/missing.ts';
import type { ImageMissing } from '../images/model.ts';
import type { Stack } from '../stack/model.ts';
import type { Context } from './context.ts';

/**
 * Says what a flavour leaves out because its images cannot be had, and what goes with it.
 *
 * @throws ArcError where that is what somebody named, or nothing is left
 */
export function refuseLeftOut(options: {
  context: Context;
  before: Stack;
  stack: Stack;
  missing: readonly ImageMissing[];
}): void {
  const { context, before, stack, missing } = options;
  const told = new Set(before.refused.map(({ role }) => role));
  const refused = stack.refused.filter(({ role }) => !told.has(role));
  const problems = refused.map(({ role, problem }) => {
    const detail = missing.find((one) => one.role === role)?.problem.detail;
    return { role, problem: detail === undefined ? problem : { ...problem, detail } };
  });
  const named = problems.filter(({ role }) => stack.selection.includes(role));
  failWithout(stack.containers.length === 0 ? problems : named);
  for (const { problem } of problems) context.emit({ type: 'warning', problem });
}
