/**
 * A value that may hold any character, as templates of files see it: only a filter that knows how to write it gets the
 * text. Whatever else would turn it into text fails, so that no template can forget the filter.
 */
export type Guarded = { [guarded]: { path: string; value: string } };

const guarded = Symbol('guarded');

/** What a template gets when it does anything with a guarded value but to put it through a filter for it. */
export class Unquoted extends Error {
  readonly path: string;
  constructor(path: string) {
    super(`${path} is used without a filter`);
    this.path = path;
  }
}

/**
 * @param options.path how templates name it: `secrets.redis_password`
 */
export function guard(options: { path: string; value: string }): Guarded {
  const { path, value } = options;
  const refuse = (): never => {
    throw new Unquoted(path);
  };
  return Object.defineProperties({ [guarded]: { path, value } } as Guarded, {
    // To Liquid, `{% if settings.x == 'a' %}`: a comparison shows nothing of the value.
    equals: { value: (other: unknown) => (isGuarded(other) ? revealGuarded(other).value : other) === value },
    gt: { value: refuse },
    geq: { value: refuse },
    lt: { value: refuse },
    leq: { value: refuse },
    toString: { value: refuse },
    toJSON: { value: refuse },
    indexOf: { value: refuse },
    length: { get: refuse },
    [Symbol.iterator]: { value: refuse },
  });
}

export function isGuarded(value: unknown): value is Guarded {
  return typeof value === 'object' && value !== null && guarded in value;
}

/** The value and its name, for a filter that knows how to write it. */
export function revealGuarded(value: Guarded): { path: string; value: string } {
  return value[guarded];
}
