import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node';
import { allowedSkips } from '../tests/allowed-skips.ts';
import { readRun } from './test/read-run.ts';
import { judgeSkips, reportLines } from './test/report.ts';

/**
 * Ends a run with one line that any continuous integration can read: `N passed, N failed, N skipped`. Where
 * ARC_TEST_REPORT names a file, all of the report is in it.
 */
export default class CountsReporter implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly { message?: string }[],
    reason: TestRunEndReason,
  ): void {
    const run = readRun({ modules, errors, reason });
    const file = process.env.ARC_TEST_REPORT;
    if (file) writeFileSync(file, JSON.stringify(run));
    const judged = judgeSkips(run, { strict: process.env.CI === 'true', allowed: allowedSkips });
    if (judged.failures.length > 0) process.exitCode = 1;
    for (const line of reportLines(judged)) console.log(line);
  }
}
