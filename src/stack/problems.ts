import { ArcError, exitStatus, type Problem } from '../core/errors.ts';

/** Ends with every problem at once, so that a person sees all of them in one go; returns where there is none. */
export function throwIfAny(problems: readonly Problem[]): void {
  const [first, ...rest] = problems;
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.invalid });
}
