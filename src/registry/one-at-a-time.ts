/**
 * Has what changes the same thing run one after the other. Registries have no way to say "if nobody else has changed
 * it": two clients that add a line to one index at the same time would lose one of them.
 */
export function oneAtATime(): <Result>(key: string, work: () => Promise<Result>) => Promise<Result> {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const before = last.get(key) ?? Promise.resolve();
    const done = before.then(work, work);
    last.set(key, done);
    return done;
  };
}
