/** A place in a line: `reached` when it is its turn; `leave` lets the next one come. */
export type Place = { reached: Promise<void>; leave(): void };

/** A line, in the order in which places are taken. Whoever never leaves holds up all that come after. */
export function inOrder(): () => Place {
  let last = Promise.resolve();
  return () => {
    const reached = last;
    const { promise, resolve } = Promise.withResolvers<void>();
    // A place that is left before it is reached does not let the next one overtake.
    last = reached.then(() => promise);
    return { reached, leave: resolve };
  };
}
