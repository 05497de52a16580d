// The bench blocks of README.md, each from the run that a file in docs/ holds.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeRun, printReport } from '../tests/bench/print.ts';
import type { Report } from '../tests/bench/report.ts';

/**
 * One run: where and when in a sentence, then what `make bench` printed.
 *
 * @param file relative to the repository: `docs/bench.json`
 */
export function describeBench(file: string): string {
  const report = JSON.parse(readFileSync(join(import.meta.dirname, '..', file), 'utf8')) as Report;
  return [
    `One run, which took ${Math.round(report.seconds / 60)} minutes: ${describeRun(report)}.`,
    '',
    '```text',
    printReport(report).trimEnd(),
    '```',
  ].join('\n');
}
