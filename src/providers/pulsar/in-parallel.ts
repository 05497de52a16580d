/** As many as Pulsar's admin API answers at a time: `numHttpServerThreads` of services/streaming. */
const atOnce = 8;

/** Runs a call for each item, some at a time; the answers are in the order of the items. */
export async function inParallel<Item, Answer>(
  items: readonly Item[],
  run: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers = new Map<number, Answer>();
  const waiting = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) answers.set(index, await run(item));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return items.flatMap((_, index) => [answers.get(index) as Answer]);
}
