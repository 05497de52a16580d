/**
 * The same fields without those that are absent. An optional field is left out, because its type does not take
 * `undefined` for a value (`exactOptionalPropertyTypes`).
 */
export function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
