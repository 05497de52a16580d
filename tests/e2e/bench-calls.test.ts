import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { farStackNeeds } from '../support/far-stack.ts';
import { needs } from '../support/needs.ts';
import { cleanEnvironment, repository } from '../support/run-arc.ts';

const minute = 60_000;

describe('make bench of calls, with one round', needs(...farStackNeeds), () => {
  const output = join(tmpdir(), `arc-bench-calls-${process.pid}.json`);
  afterAll(() => rmSync(output, { force: true }));

  it('prints how long media take over UDP, over ICE/TCP and through TURN', {
    timeout: 8 * minute,
  }, async () => {
    const { exitCode, stdout, all } = await execa('make', ['bench', `BENCH=--output ${output} calls`], {
      cwd: repository,
      env: cleanEnvironment({ ARC_BENCH_ROUNDS: '1' }),
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      all: true,
    });
    expect(exitCode, all).toBe(0);
    const seconds = String.raw`\d+\.\d\d s`;
    expect(stdout).toMatch(new RegExp(`^  (ok  |OVER) media over UDP +${seconds}  \\(at most 0.5 s\\)`, 'm'));
    for (const way of ['over ICE/TCP', 'through TURN over TLS'])
      expect(stdout).toMatch(new RegExp(`^ {7}media ${way} +${seconds}$`, 'm'));
  });
});
