/** Hands over one item, and waits until it is taken. */
export type Offer<Item> = (item: Item) => Promise<void>;

/**
 * Merges sources that are each in order into one order. Of each source one item waits at a time, so memory does not
 * depend on how many there are, and a slow taker slows down every source.
 *
 * @param options.sources each offers its items, one after the other, and ends
 * @param options.rank texts that compare as the items do, such as times as ISO 8601
 * @throws what a source or the taker throws; the offers of the other sources then fail, too
 */
export async function inOrder<Item>(options: {
  sources: readonly ((offer: Offer<Item>) => Promise<void>)[];
  rank: (item: Item) => string;
  take: (item: Item) => Promise<void> | void;
}): Promise<void> {
  const { sources, rank, take } = options;
  const waiting = new Map<number, { item: Item; taken: () => void; fail: (cause: unknown) => void }>();
  let active = sources.length;
  let failure: { cause: unknown } | undefined;
  const failAll = (cause: unknown): void => {
    failure ??= { cause };
    for (const { fail } of waiting.values()) fail(cause);
    waiting.clear();
  };
  /** Takes the first, once each source has offered its next or has ended. */
  const takeFirst = async (): Promise<void> => {
    if (waiting.size < active) return;
    const [first] = [...waiting].toSorted(([, a], [, b]) => (rank(a.item) < rank(b.item) ? -1 : 1));
    if (first === undefined) return;
    const [index, { item, taken }] = first;
    try {
      await take(item);
    } catch (cause) {
      failAll(cause);
      return;
    }
    waiting.delete(index);
    taken();
  };
  const offerOf =
    (index: number): Offer<Item> =>
    (item) =>
      new Promise((taken, fail) => {
        if (failure !== undefined) return fail(failure.cause);
        waiting.set(index, { item, taken, fail });
        void takeFirst();
      });
  await Promise.all(
    sources.map(async (source, index) => {
      try {
        await source(offerOf(index));
      } catch (cause) {
        failAll(cause);
        throw cause;
      }
      active -= 1;
      void takeFirst();
    }),
  );
}
