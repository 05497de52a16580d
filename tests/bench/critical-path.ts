/** A step of a plan, as `arc plan --json` prints it. */
export type PlannedStep = { id: string; after: readonly string[] };

/**
 * How long the longest chain of steps takes, each as long as it took itself: no boot can be faster that does the same
 * steps in an order that the needs allow.
 *
 * @param options.took seconds of each step by its id; one that is not there took no time
 */
export function criticalPath(options: {
  steps: readonly PlannedStep[];
  took: ReadonlyMap<string, number>;
}): number {
  const { steps, took } = options;
  const byId = new Map(steps.map((step) => [step.id, step]));
  const ends = new Map<string, number>();
  const endOf = (id: string): number => {
    const known = ends.get(id);
    if (known !== undefined) return known;
    const step = byId.get(id);
    if (step === undefined) throw new Error(`no step ${id} is in the plan`);
    const end = Math.max(0, ...step.after.map(endOf)) + (took.get(id) ?? 0);
    ends.set(id, end);
    return end;
  };
  return Math.max(0, ...steps.map(({ id }) => endOf(id)));
}
