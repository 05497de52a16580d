/**
 * Sorts items so that each follows everything that it needs, and otherwise keeps their order. Items in a cycle keep
 * their place.
 *
 * @param options.needs keys of what an item needs; what is not among the items is passed over
 */
export function dependenciesFirst<Item>(options: {
  items: readonly Item[];
  key: (item: Item) => string;
  needs: (item: Item) => Iterable<string>;
}): readonly Item[] {
  const { items, key, needs } = options;
  const byKey = new Map(items.map((item) => [key(item), item]));
  const begun = new Set<Item>();
  const ordered: Item[] = [];
  const place = (item: Item): void => {
    if (begun.has(item)) return;
    begun.add(item);
    for (const need of needs(item)) {
      const other = byKey.get(need);
      if (other !== undefined) place(other);
    }
    ordered.push(item);
  };
  for (const item of items) place(item);
  return ordered;
}

/**
 * Each before everything that it needs, in linear time (Kahn), else in the order given. Labels could in theory name
 * each other in a circle; what is left then comes last, in the order given.
 */
export function dependentsFirst(options: {
  keys: Iterable<string>;
  needs: (key: string) => Iterable<string>;
}): readonly string[] {
  const keys = [...options.keys];
  const waiting = new Map(keys.map((key) => [key, 0]));
  const needsOf = new Map(
    keys.map((key) => [key, [...options.needs(key)].filter((need) => waiting.has(need))]),
  );
  for (const needs of needsOf.values())
    for (const need of needs) waiting.set(need, (waiting.get(need) ?? 0) + 1);
  const ordered = new Set(keys.filter((key) => waiting.get(key) === 0));
  // A set is walked in order of insertion, also over what is added meanwhile.
  for (const key of ordered) {
    for (const need of needsOf.get(key) ?? []) {
      const left = (waiting.get(need) ?? 0) - 1;
      waiting.set(need, left);
      if (left === 0) ordered.add(need);
    }
  }
  return [...ordered, ...keys.filter((key) => !ordered.has(key))];
}
