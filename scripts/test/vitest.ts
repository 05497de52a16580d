import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { repository } from '../../tests/support/run-arc.ts';
import type { Report } from './report.ts';

/** One run of Vitest. */
export type Run = { title: string; seconds: number; report: Report };

/**
 * Runs Vitest. Its output is shown line by line, or all of it when the run has ended.
 *
 * @param options.args of `vitest run`
 * @param options.live whether output is shown line by line
 * @param options.folder where the report is written
 * @param options.before a program that starts it
 * @returns a run that did not report as one failure
 */
export async function runVitest(options: {
  title: string;
  args: readonly string[];
  live: boolean;
  folder: string;
  before?: readonly string[];
  environment?: Readonly<Record<string, string>>;
}): Promise<Run> {
  const { title, args, live, folder, before = [], environment = {} } = options;
  const program = join(repository, 'node_modules', 'vitest', 'vitest.mjs');
  const file = join(folder, `${randomUUID()}.json`);
  const [first = process.execPath, ...rest] = [...before, process.execPath, program, 'run', ...args];
  const start = performance.now();
  const child = execa(first, rest, {
    cwd: repository,
    env: { ...environment, ARC_TEST_REPORT: file },
    stdin: 'ignore',
    stdout: live ? 'inherit' : 'pipe',
    stderr: live ? 'inherit' : 'pipe',
    all: !live,
    reject: false,
  });
  const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGTERM', passOn);
  const { all, exitCode, signal } = await child;
  process.off('SIGTERM', passOn);
  if (!live) console.log(`\n${title}:\n${all}`);
  const seconds = (performance.now() - start) / 1000;
  return { title, seconds, report: readReport({ title, file, ending: signal ?? `exit status ${exitCode}` }) };
}

function readReport(options: { title: string; file: string; ending: string }): Report {
  const { title, file, ending } = options;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    const failure = { name: `the run "${title}"`, reason: `ended before it could count: ${ending}` };
    return { passed: 0, failures: [failure], skips: [], files: [] };
  }
}
