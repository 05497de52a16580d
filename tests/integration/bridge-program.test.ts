import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { repository } from '../support/run-arc.ts';

// Go's own tests of the bridge: NATS and Pulsar that fail in every way, held against what is promised.
describe('the bridge', needs('go'), () => {
  it('keeps its promises whatever fails', async () => {
    const { all, exitCode } = await execa('go', ['test', '-count=1', './...'], {
      cwd: join(repository, 'packages', 'bridge'),
      env: { GOWORK: 'off' },
      all: true,
      reject: false,
    });
    expect(exitCode, all).toBe(0);
  });
});
