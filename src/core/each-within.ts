/**
 * Passes on what a source gives, as long as each next item comes in time. How long the taker of an item needs for it
 * does not count.
 *
 * @param options.milliseconds time for each item, the first included
 * @param options.late the error where none came in time
 * @throws the signal's reason where it is aborted
 */
export async function* eachWithin<Item>(options: {
  source: AsyncIterable<Item>;
  milliseconds: number;
  late: () => Error;
  signal: AbortSignal;
}): AsyncGenerator<Item, void> {
  const iterator = options.source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await nextWithin({ ...options, iterator });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // A source that hangs never answers this, so nobody waits for it.
    iterator.return?.()?.catch(() => undefined);
  }
}

async function nextWithin<Item>(options: {
  iterator: AsyncIterator<Item>;
  milliseconds: number;
  late: () => Error;
  signal: AbortSignal;
}): Promise<IteratorResult<Item>> {
  const { iterator, milliseconds, late, signal } = options;
  signal.throwIfAborted();
  const stopped = Promise.withResolvers<never>();
  const stop = (): void => stopped.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => stopped.reject(late()), milliseconds);
  try {
    return await Promise.race([iterator.next(), stopped.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
