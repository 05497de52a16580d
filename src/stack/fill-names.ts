import { isGuarded } from './guarded.ts';
import { type Insertion, insertionFault } from './insertions.ts';
import { throughQuotings, Unwritable } from './liquid.ts';
import type { Origin } from './origin.ts';
import type { Scope } from './scope.ts';

/** Keeps a value with arbitrary characters from entering a file unfiltered; see guarded.ts. */
export function checkInsertion(options: {
  insertion: Pick<Insertion, 'path' | 'filters' | 'before' | 'after'>;
  scope: Scope;
  origin: Origin;
}): { message: string; suggestion: string } | undefined {
  const { insertion, scope, origin } = options;
  if (origin.kind === 'field' || !isGuarded(valueAt(scope, insertion.path))) return undefined;
  return insertionFault({ insertion, file: origin.file });
}

/** Text that only names values: `{{ ports.http }}` and `{{ secrets.key | yaml }}`. */
const namedValue = /(?<!\{)\{\{ *([a-z_]+(?:\.[A-Za-z_][\w-]*)*)((?: *\| *[a-z]+)*) *\}\}/g;

/** Liquid gives them a meaning of their own. */
const computedNames: ReadonlySet<string> = new Set(['size', 'first', 'last']);

/**
 * Fills in names as Liquid would. Most texts are no more than that, and Liquid has to parse each of them first.
 *
 * @returns undefined if it takes Liquid: for tags and filters, and to say what is wrong
 */
export function fillNames(options: { text: string; origin: Origin; scope: Scope }): string | undefined {
  const { text, origin, scope } = options;
  if (!text.includes('{{')) return text.includes('{%') ? undefined : text;
  let isPlain = true;
  const filled = text.replace(namedValue, (whole, name: string, piped: string, offset: number) => {
    if (scope.names.secrets === 'none' && name.startsWith('secrets.')) isPlain = false;
    const path = name.split('.');
    const filters = piped.match(/[a-z]+/g) ?? [];
    const around = { before: text.charAt(offset - 1), after: text.charAt(offset + whole.length) };
    if (checkInsertion({ insertion: { path, filters, ...around }, scope, origin }) !== undefined) {
      isPlain = false;
    }
    const value = isPlain ? filtered({ value: valueAt(scope, path), filters }) : undefined;
    if (value === undefined) isPlain = false;
    return String(value);
  });
  return isPlain && !hasMarkup(text.replace(namedValue, '')) ? filled : undefined;
}

function valueAt(scope: Scope, path: readonly string[]): unknown {
  let value: unknown = scope.values;
  for (const name of path) {
    const isOwn = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    value = isOwn && !computedNames.has(name) ? (value as Record<string, unknown>)[name] : undefined;
  }
  return value;
}

/** The text of a value after its filters; undefined if it is neither text nor number, or something is wrong. */
function filtered(options: { value: unknown; filters: readonly string[] }): string | undefined {
  const { value, filters } = options;
  if (typeof value !== 'string' && typeof value !== 'number' && !isGuarded(value)) return undefined;
  try {
    const text = throughQuotings({ value, filters });
    return typeof text === 'string' || typeof text === 'number' ? String(text) : undefined;
  } catch (error) {
    if (error instanceof Unwritable) return undefined;
    throw error;
  }
}

function hasMarkup(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}
