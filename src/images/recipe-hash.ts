import { createHash } from 'node:crypto';
import type { FixedStep } from './recipes/fixed-step.ts';

/** Raised when the same recipe would give other files than before. */
const scheme = 2;

/**
 * `sha256` in hex of a recipe and of the files that it takes, wherever they are; the order of fields does not count,
 * that of steps does.
 */
export function recipeHash(recipe: readonly FixedStep[]): string {
  return hashOf({ scheme, recipe: recipe.map(withoutPlace) });
}

/** Fields that say where something is, or what a release does with it, and not what there is. */
const places: ReadonlySet<string> = new Set(['source', 'in_release_base', 'python_in_release_base']);

/** The form of a step for labels and files: it contains nothing specific to this machine. */
export function withoutPlace(step: FixedStep): unknown {
  return Object.fromEntries(Object.entries(step).filter(([field]) => !places.has(field)));
}

/** `sha256` in hex of a plain value, independent of the order of its fields. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

/** JSON with the fields of every object in order of name. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
}
