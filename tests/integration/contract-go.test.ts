import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { repository } from '../support/run-arc.ts';

// Go's own tests of the generated clients, without a broker: what their code says of a message, held against its schema.
describe('the generated clients in Go', needs('go'), () => {
  it('check and write messages as the contracts have them', async () => {
    const { all, exitCode } = await execa('go', ['test', '-count=1', './...'], {
      cwd: join(repository, 'packages', 'contracts', 'go'),
      env: { GOWORK: 'off' },
      all: true,
      reject: false,
    });
    expect(exitCode, all).toBe(0);
  });
});
