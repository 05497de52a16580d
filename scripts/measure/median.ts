import { performance } from 'node:perf_hooks';

/** The median of so many runs, in milliseconds. */
export function medianOf(options: { runs: number; work: () => number }): number {
  const sorted = Array.from({ length: options.runs }, options.work).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** How long it takes, in milliseconds. */
export function elapsed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** One line: `  1.9 ms  loading js-yaml`. */
export function printLine(milliseconds: number, what: string): void {
  console.log(`${milliseconds.toFixed(1).padStart(9)} ms  ${what}`);
}
