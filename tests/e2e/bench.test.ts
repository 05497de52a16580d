import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bounds } from '../bench/bounds.ts';
import type { Report } from '../bench/report.ts';
import { cleanEnvironment, repository } from '../support/run-arc.ts';
import { connectTestEngine, type TestEngine } from '../support/test-engine.ts';

// What is measured is true on the machine that measures it. What the test looks at is whether everything is.
describe('make bench with one round of two parts', () => {
  const output = join(tmpdir(), `arc-bench-test-${process.pid}.json`);
  let engine: TestEngine;
  let before: ReadonlySet<string>;
  let printed: string;
  let report: Report;

  const bench = (words: string, environment: Readonly<Record<string, string>> = {}) =>
    execa('make', ['bench', `BENCH=${words}`], {
      cwd: repository,
      env: cleanEnvironment({ ARC_BENCH_ROUNDS: '1', ...environment }),
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      all: true,
    });

  beforeAll(async () => {
    engine = connectTestEngine();
    before = await engine.claim();
    const { exitCode, stdout, all } = await bench(`--output ${output} start mux`);
    expect(exitCode, all).toBe(0);
    printed = stdout;
    report = JSON.parse(readFileSync(output, 'utf8')) as Report;
  });
  afterAll(() => rmSync(output, { force: true }));

  it('prints the machine, and a verdict for each figure that has a bound', () => {
    expect(printed).toContain(`commit ${report.commit.slice(0, 12)}`);
    expect(printed).toMatch(/Docker Engine \S+ \(\w+\); 1 round; load \d/);
    for (const figure of [...Object.keys(bounds.start), ...Object.keys(bounds.mux)])
      expect(printed).toMatch(new RegExp(`^  (ok  |OVER) ${figure} +\\d+\\.\\d\\d  \\(at most `, 'm'));
  });

  it('writes the same rows with their numbers, and measures every step of both', () => {
    expect(report.parts.map(({ name, rounds }) => `${name}: ${rounds}`)).toEqual(['start: 5', 'mux: 1']);
    for (const { rows, rounds } of report.parts) {
      for (const row of rows) {
        if (row.kind !== 'ratio') continue;
        for (const { seconds, median } of [row.of, row.to]) {
          expect(seconds).toHaveLength(rounds);
          expect(seconds).toContain(median);
          expect(median).toBeGreaterThan(0);
        }
      }
    }
  });

  it('counts the end of each container: five, booted in three ways, twice', () => {
    const row = report.parts.at(-1)?.rows.find(({ kind }) => kind === 'counts');
    const counts = row?.kind === 'counts' ? Object.values(row.counts) : [];
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(30);
  });

  it('leaves nothing of its stack', async () => {
    expect([...(await engine.everything())].filter((name) => !before.has(name))).toEqual([]);
  });

  it('refuses a number of rounds that is none, before anything is measured', async () => {
    const { exitCode, all } = await bench('start', { ARC_BENCH_ROUNDS: 'many' });
    expect(exitCode).not.toBe(0);
    expect(all).toContain('error: ARC_BENCH_ROUNDS must be a number from 1 to 999, and is "many"');
  });
});
