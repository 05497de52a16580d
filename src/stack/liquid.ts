import { Liquid } from 'liquidjs';
import { apr1 } from './apr1.ts';
import { isGuarded, revealGuarded } from './guarded.ts';
import { isQuoting, type QuotingName, quoteFor, quotingNames } from './quoting.ts';

/** Thrown if a filter cannot express a value in its format. */
export class Unwritable extends Error {
  readonly path: string | undefined;
  readonly reason: string;
  readonly quoting: QuotingName;
  constructor(options: { path: string | undefined; reason: string; quoting: QuotingName }) {
    super(`${options.path ?? 'a value'} ${options.reason}`);
    this.path = options.path;
    this.reason = options.reason;
    this.quoting = options.quoting;
  }
}

export function newLiquid(): Liquid {
  // With lenientIf, `{% if containers.cache %}` asks whether the cache is part of the stack.
  // Without a locale, Liquid asks for the machine's: that takes time, and files would differ between machines.
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    templates: {},
    locale: 'en-US',
    timezoneOffset: 0,
  });
  for (const quoting of quotingNames) {
    liquid.registerFilter(quoting, (value: unknown, space?: number) =>
      // Liquid's own: lists and mappings have no other form.
      quoting === 'json' && typeof value === 'object' && !isGuarded(value)
        ? JSON.stringify(value, null, space ?? 0)
        : writeAs({ quoting, value }),
    );
  }
  liquid.registerFilter('apr1', (value: unknown, salt: unknown) => {
    if (typeof salt !== 'string') throw new Error('the filter apr1 needs a text to make its salt from');
    return apr1({ password: plainText(value).value, salt });
  });
  return liquid;
}

/**
 * A value as the filters of this name write it.
 *
 * @throws Unwritable
 */
export function writeAs(options: { quoting: QuotingName; value: unknown }): string {
  const { quoting } = options;
  const { path, value } = plainText(options.value);
  const text = quoteFor({ quoting, value });
  if (typeof text === 'string') return text;
  throw new Unwritable({ path, reason: text.reason, quoting });
}

function plainText(value: unknown): { path: string | undefined; value: string } {
  return isGuarded(value) ? revealGuarded(value) : { path: undefined, value: String(value ?? '') };
}

/** Puts a value through filters of this name, one after the other; undefined if one is another filter. */
export function throughQuotings(options: { value: unknown; filters: readonly string[] }): unknown {
  return options.filters.reduce<unknown>(
    (value, quoting) => (value !== undefined && isQuoting(quoting) ? writeAs({ quoting, value }) : undefined),
    options.value,
  );
}
