// The bench block of README.md, from the run that docs/bench.json holds.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeRun, printReport } from '../tests/bench/print.ts';
import type { Report } from '../tests/bench/report.ts';

/** One whole run: where and when in a sentence, then what `make bench` printed. */
export function describeBench(): string {
  const file = join(import.meta.dirname, '..', 'docs', 'bench.json');
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  return [
    `One run, which took ${Math.round(report.seconds / 60)} minutes: ${describeRun(report)}.`,
    '',
    '```text',
    printReport(report).trimEnd(),
    '```',
  ].join('\n');
}
