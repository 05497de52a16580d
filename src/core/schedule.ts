import type { Plan, Step } from './step.ts';

/**
 * Runs a graph of steps, each the moment that all it waits for has succeeded, with no limit on how many run at a time.
 * A step whose predecessor failed is never run.
 *
 * @param options.run never rejects; tells whether the step succeeded. `nearlyDone` lets those begin for whom the step
 *   has come far enough: `mayBeginThen` says of each
 * @param options.mayStart asked before each; what it refuses is never run, and neither is what waits for that
 * @returns the steps that were never run
 */
export async function schedule(options: {
  plan: Pick<Plan, 'steps'>;
  run: (step: Step, nearlyDone: () => void) => Promise<boolean>;
  mayBeginThen: (follower: Step) => boolean;
  mayStart: (step: Step) => boolean;
}): Promise<readonly Step[]> {
  const { plan, run, mayBeginThen, mayStart } = options;
  const followers = new Map<string, Step[]>();
  const missing = new Map<Step, number>();
  for (const step of plan.steps) {
    missing.set(step, step.after.length);
    followers.set(step.id, []);
    for (const id of step.after) followers.get(id)?.push(step);
  }
  const left = new Set(plan.steps);
  const release = async (step: Step, isMeant: (follower: Step) => boolean): Promise<void> => {
    const waiting = followers.get(step.id) ?? [];
    followers.set(
      step.id,
      waiting.filter((follower) => !isMeant(follower)),
    );
    const ready = waiting.filter(isMeant).filter((follower) => {
      const count = (missing.get(follower) ?? 0) - 1;
      missing.set(follower, count);
      return count === 0;
    });
    await Promise.all(ready.map(start));
  };
  const start = async (step: Step): Promise<void> => {
    if (!mayStart(step)) return;
    left.delete(step);
    const early: Promise<void>[] = [];
    const succeeded = await run(step, () => early.push(release(step, mayBeginThen)));
    if (succeeded) await release(step, () => true);
    await Promise.all(early);
  };
  await Promise.all(plan.steps.filter(({ after }) => after.length === 0).map(start));
  return [...left];
}
