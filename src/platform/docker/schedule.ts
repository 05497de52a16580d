import type { Operation, Plan } from './operation.ts';

/**
 * Runs a graph of operations, each the moment that all it waits for has succeeded, with no limit on how many run
 * at a time. An operation whose predecessor failed is never run.
 *
 * @param options.run never rejects; tells whether the operation succeeded. `isAsGoodAsDone` lets those begin for whom
 *   the operation has come far enough: `mayBeginThen` says of each
 * @param options.mayStart asked before each; what it refuses is never run, and neither is what waits for that
 * @returns the operations that were never run
 */
export async function schedule(options: {
  plan: Plan;
  run: (operation: Operation, isAsGoodAsDone: () => void) => Promise<boolean>;
  mayBeginThen: (follower: Operation) => boolean;
  mayStart: (operation: Operation) => boolean;
}): Promise<readonly Operation[]> {
  const { plan, run, mayBeginThen, mayStart } = options;
  const followers = new Map<string, Operation[]>();
  const missing = new Map<Operation, number>();
  for (const operation of plan.operations) {
    missing.set(operation, operation.after.length);
    followers.set(operation.id, []);
    for (const id of operation.after) followers.get(id)?.push(operation);
  }
  const left = new Set(plan.operations);
  const release = async (operation: Operation, isMeant: (follower: Operation) => boolean): Promise<void> => {
    const waiting = followers.get(operation.id) ?? [];
    followers.set(
      operation.id,
      waiting.filter((follower) => !isMeant(follower)),
    );
    const ready = waiting.filter(isMeant).filter((follower) => {
      const count = (missing.get(follower) ?? 0) - 1;
      missing.set(follower, count);
      return count === 0;
    });
    await Promise.all(ready.map(start));
  };
  const start = async (operation: Operation): Promise<void> => {
    if (!mayStart(operation)) return;
    left.delete(operation);
    const early: Promise<void>[] = [];
    const succeeded = await run(operation, () => early.push(release(operation, mayBeginThen)));
    if (succeeded) await release(operation, () => true);
    await Promise.all(early);
  };
  await Promise.all(plan.operations.filter(({ after }) => after.length === 0).map(start));
  return [...left];
}
