import type { Lap } from './measure.ts';
import type { BenchStack } from './stack.ts';

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

/** What `--json` prints, as far as it is read here (docs/events.md). */
type Line =
  | { type: 'step'; id: string; phase: string; milliseconds?: number }
  | { type: 'result'; data: { steps: readonly PlannedStep[] } };

export const chainName = 'its longest chain';

/**
 * Boots a profile that is not there, as the step `up` of a turn.
 *
 * @returns the seconds of the longest chain of its own steps
 */
export async function timedBoot(options: {
  arc: BenchStack['arc'];
  profile: string;
  lap: Lap;
}): Promise<number> {
  const { arc, profile, lap } = options;
  const planned = linesOf(await arc('plan', profile, '--json'));
  const steps = planned.flatMap((line) => (line.type === 'result' ? line.data.steps : []));
  let printed = '';
  await lap('up', async () => {
    printed = await arc('up', profile, '--yes', '--json');
  });
  const took = new Map(
    linesOf(printed).flatMap((line) =>
      line.type === 'step' && line.phase === 'done' ? [[line.id, (line.milliseconds ?? 0) / 1000]] : [],
    ),
  );
  return criticalPath({ steps, took });
}

const linesOf = (text: string): readonly Line[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
