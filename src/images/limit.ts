/** Maps with at most `limit` calls at a time; the results are in the order of the items. */
export async function mapLimited<Item, Result>(options: {
  items: readonly Item[];
  limit: number;
  map: (item: Item) => Promise<Result>;
}): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = options.items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await options.map(item);
  };
  await Promise.all(Array.from({ length: Math.min(options.limit, options.items.length) }, worker));
  return results;
}
