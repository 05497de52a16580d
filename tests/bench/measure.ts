import { performance } from 'node:perf_hooks';
import { execa } from 'execa';

/** One way of doing a job: what is timed, and what puts things back before and after. */
export type Contender = {
  name: string;
  before?: () => Promise<void>;
  run: () => Promise<unknown>;
  after?: () => Promise<void>;
};

/** Seconds, sorted. */
export type Timing = { name: string; seconds: readonly number[]; median: number };

/**
 * Runs contenders in turn, A B A B …, so that a machine whose speed drifts is unfair to none.
 *
 * @param options.rounds counted rounds; one more is run first and not counted
 */
export async function race(options: { rounds: number; contenders: readonly Contender[] }): Promise<Timing[]> {
  const seconds = options.contenders.map(() => [] as number[]);
  for (let round = 0; round <= options.rounds; round += 1) {
    for (const [index, contender] of options.contenders.entries()) {
      await contender.before?.();
      const start = performance.now();
      await contender.run();
      const elapsed = (performance.now() - start) / 1000;
      await contender.after?.();
      if (round > 0) seconds[index]?.push(elapsed);
    }
  }
  return options.contenders.map(({ name }, index) => {
    const sorted = (seconds[index] ?? []).toSorted((a, b) => a - b);
    return { name, seconds: sorted, median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN };
  });
}

/** What one figure was, and the bound that the project holds itself to. */
export type Row = { figure: string; ratio: number; bound: number; note: string };

/** Ratio of two medians of one race. */
export function ratioRow(options: {
  figure: string;
  of: Timing | undefined;
  to: Timing | undefined;
  bound: number;
}): Row {
  const { of, to } = options;
  if (of === undefined || to === undefined) throw new Error(`${options.figure} was not measured`);
  return {
    figure: options.figure,
    ratio: of.median / to.median,
    bound: options.bound,
    note: `${of.name} ${show(of)}, ${to.name} ${show(to)}`,
  };
}

export function printRows(title: string, rows: readonly Row[]): void {
  process.stdout.write(`\n${title}\n`);
  for (const { figure, ratio, bound, note } of rows) {
    const verdict = ratio <= bound ? 'ok  ' : 'OVER';
    process.stdout.write(
      `  ${verdict} ${figure.padEnd(44)} ${ratio.toFixed(2)}  (at most ${bound})  ${note}\n`,
    );
  }
}

function show({ median, seconds }: Timing): string {
  return `${median.toFixed(2)} s [${(seconds[0] ?? 0).toFixed(2)}–${(seconds.at(-1) ?? 0).toFixed(2)}]`;
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
