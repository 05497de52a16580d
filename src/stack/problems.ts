import { ArcError, exitStatus, type Problem } from '../core/errors.ts';

/** Throws all problems together, so that a person sees all of them; returns if there is none. */
export function throwIfAny(problems: readonly Problem[]): void {
  const [first, ...rest] = problems;
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.invalid });
}
