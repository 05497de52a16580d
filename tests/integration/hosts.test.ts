import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultOf, runArc } from '../support/run-arc.ts';
import { makeWorkspace, type TestWorkspace } from '../support/workspace.ts';

let workspace: TestWorkspace;
beforeAll(() => {
  workspace = makeWorkspace();
});
afterAll(() => workspace.remove());

const arc = (...args: string[]) => runArc(['hosts', ...args], { cwd: workspace.root });

describe('arc hosts', () => {
  it('prints the names of all routes as a line of a hosts file', async () => {
    const { stdout } = await arc('--address', '192.0.2.10');
    expect(stdout).toMatch(/^192\.0\.2\.10 .*livekit\.arc\.local .*storage\.arc\.local/);
    const { names, address } = resultOf<{ names: string[]; address: string }>((await arc('--json')).stdout);
    expect(address).toBe('127.0.0.1');
    expect(stdout.trim().split(' ').slice(1)).toEqual(names);
  });

  it('writes them into a file, of which every other byte stays, and takes them out again', async () => {
    const file = workspace.path('hosts');
    writeFileSync(file, '127.0.0.1 localhost\n# caf\xe9\n', 'latin1');
    const before = readFileSync(file);
    expect((await arc('--write', '--yes', '--file', file)).exitCode).toBe(0);
    const written = readFileSync(file, 'latin1');
    expect(written).toMatch(
      /^127\.0\.0\.1 localhost\n# caf\xe9\n# arc .*\n127\.0\.0\.1 .*livekit\.arc\.local/,
    );
    expect((await arc('--write', '--yes', '--file', file)).stdout).toContain('is up to date');
    expect((await arc('--remove', '--yes', '--file', file)).exitCode).toBe(0);
    expect(readFileSync(file)).toEqual(before);
  });

  it('asks before it writes, and leaves half a block alone', async () => {
    const file = workspace.path('hosts');
    const asked = await arc('--write', '--file', file);
    expect([asked.exitCode, asked.stderr]).toEqual([2, expect.stringContaining('needs-consent')]);
    writeFileSync(file, '# arc arc-e2e: begin\n');
    const broken = await arc('--write', '--yes', '--file', file);
    expect([broken.exitCode, broken.stderr]).toEqual([1, expect.stringContaining(`${file}:1:1`)]);
    expect(readFileSync(file, 'utf8')).toBe('# arc arc-e2e: begin\n');
  });

  it('shows what it would write or remove, and changes nothing', async () => {
    const file = workspace.path('hosts');
    writeFileSync(file, '127.0.0.1 localhost\n');
    const before = readFileSync(file);
    const wouldWrite = await arc('--write', '--dry-run', '--file', file);
    expect([wouldWrite.exitCode, wouldWrite.stdout]).toEqual([
      0,
      expect.stringMatching(/^arc would write into .*:\n {2}127\.0\.0\.1 .*livekit\.arc\.local/),
    ]);
    expect((await arc('--remove', '--dry-run', '--file', file)).stdout).toContain('is as it should be');
    expect(readFileSync(file)).toEqual(before);
    await arc('--write', '--yes', '--file', file);
    const written = readFileSync(file);
    expect((await arc('--remove', '--dry-run', '--file', file)).stdout).toContain('would remove the names');
    expect(readFileSync(file)).toEqual(written);
  });

  it('refuses what is no address', async () => {
    expect((await arc('--address', 'home')).exitCode).toBe(2);
  });
});
