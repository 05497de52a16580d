import { ArcError, exitStatus, type Problem } from '../core/errors.ts';
import type { ImageMissing } from './model.ts';

/** Throws if arc could not get images. */
export function failWithout(missing: readonly Pick<ImageMissing, 'problem'>[]): void {
  const [first, ...rest] = problemsOf(missing);
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.failed });
}

/** Each problem once, also where several images share it. */
export function problemsOf(missing: readonly Pick<ImageMissing, 'problem'>[]): readonly Problem[] {
  return [...new Set(missing.map(({ problem }) => problem))];
}
