export type Group<T> = readonly [T, ...T[]];

/** Items with the same key together, in order of the first of each. */
export function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): readonly Group<Item>[] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}
