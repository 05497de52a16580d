/**
 * A value with arbitrary characters, as templates of files see it: only a filter that can write it gets the text. Every
 * other conversion to text fails, so no template can forget the filter.
 */
export type Guarded = { [guarded]: { path: string; value: string } };

const guarded = Symbol('guarded');

/** Thrown if a template uses a guarded value without a filter for it. */
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
