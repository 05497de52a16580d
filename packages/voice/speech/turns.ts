/** Thrown where too many wait already. */
export class Busy extends Error {}

/**
 * One after the other, in the order in which they came: two sentences that are spoken at the same time take twice as
 * long each, and the second could come first.
 *
 * @param options.waiting how many may wait
 */
export function takeTurns(options: { waiting: number }): {
  /** @throws Busy */
  take(): Promise<() => void>;
  readonly length: number;
} {
  let last = Promise.resolve();
  let length = 0;
  return {
    get length() {
      return length;
    },
    take: async () => {
      if (length > options.waiting) throw new Busy(`${length} wait already`);
      length += 1;
      const before = last;
      const { promise, resolve } = Promise.withResolvers<void>();
      last = promise;
      await before;
      return () => {
        length -= 1;
        resolve();
      };
    },
  };
}
