import { performance } from 'node:perf_hooks';
import { execa } from 'execa';
import type { Timing } from './report.ts';

/** Times one step of a turn; what happens between steps is not timed. */
export type Lap = (step: string, work: () => Promise<unknown>) => Promise<void>;

/** One way of doing a job. A turn leaves things as it found them. */
export type Contender = { name: string; turn: (lap: Lap) => Promise<void> };

/** What a race measured, by contender and step. */
export type Result = (name: string, step: string) => Timing;

/**
 * Runs contenders in turn, A B A B …, so that a machine whose speed drifts is unfair to none.
 *
 * @param options.rounds counted rounds
 * @param options.warmUp whether one more round is run first and not counted; yes where nothing is said
 * @param options.progress told which round begins
 * @param options.signal ends the race between two turns
 * @throws when a step that nobody timed is asked for
 */
export async function race(options: {
  rounds: number;
  warmUp?: boolean;
  contenders: readonly Contender[];
  progress: (line: string) => void;
  signal: AbortSignal;
}): Promise<Result> {
  const seconds = new Map<string, number[]>();
  for (let round = options.warmUp === false ? 1 : 0; round <= options.rounds; round += 1) {
    for (const { name, turn } of options.contenders) {
      options.signal.throwIfAborted();
      options.progress(`${name}, ${round === 0 ? 'warming up' : `round ${round} of ${options.rounds}`}`);
      await turn(async (step, work) => {
        const start = performance.now();
        await work();
        const elapsed = (performance.now() - start) / 1000;
        const key = `${name} ${step}`;
        seconds.set(key, [...(seconds.get(key) ?? []), ...(round > 0 ? [elapsed] : [])]);
      });
    }
  }
  return (name, step) => {
    const measured = seconds.get(`${name} ${step}`);
    if (measured === undefined) throw new Error(`the step "${step}" of ${name} was not measured`);
    return timing(name, measured);
  };
}

/** Sorted, with the median: the upper one where there are two. */
export function timing(name: string, seconds: readonly number[]): Timing {
  const sorted = seconds.toSorted((a, b) => a - b).map((one) => Number(one.toFixed(4)));
  const median = sorted[Math.floor(sorted.length / 2)];
  if (median === undefined) throw new Error(`${name} was not measured`);
  return { name, seconds: sorted, median };
}

/** Runs a command and gives its standard output; what it printed is shown when it fails. */
export async function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<string> {
  const { stdout } = await execa(command, args, { ...options, timeout: 600_000, stdin: 'ignore' });
  return stdout;
}
