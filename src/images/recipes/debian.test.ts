import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { debian, mmdebstrapArguments } from './debian.ts';

let work: string;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'arc-debian-'));
});
afterEach(() => {
  rmSync(work, { recursive: true });
});

it('asks for the packages in the variant', () => {
  const given = mmdebstrapArguments({ variant: 'minbase', packages: ['redis-server', 'curl'] }, 'amd64');
  expect(given).toContain('--variant=minbase');
  expect(given).toContain('--include=redis-server,curl');
  expect(given).toContain('--architectures=amd64');
});

it('does what the install script of ca-certificates does, where no script runs', () => {
  const hooks = (variant: 'minbase' | 'extract') =>
    mmdebstrapArguments({ variant, packages: [] }, 'amd64').filter((argument) => argument.includes('.crt'));
  expect(hooks('minbase')).toEqual([]);
  expect(hooks('extract')).toHaveLength(1);
});

it('has the folder of manual pages while install scripts run, and none of them afterwards', () => {
  const given = mmdebstrapArguments({ variant: 'minbase', packages: ['default-jre-headless'] }, 'amd64');
  expect(given).toContain('--essential-hook=mkdir -p "$1/usr/share/man/man1"');
  expect(given).toContain('--customize-hook=rm -rf "$1/usr/share/man/"*');
});

it('says how to get mmdebstrap where it is missing and may not be installed', async () => {
  const step = {
    kind: 'debian',
    suite: 'bookworm',
    packages: ['curl'],
    variant: 'extract',
    links: {},
  } as const;
  const contributing = debian.contribute(step, {
    work,
    architecture: 'amd64',
    environment: { PATH: '/nonexistent' },
    update: () => {},
    signal: new AbortController().signal,
  });
  await expect(contributing).rejects.toMatchObject({
    code: 'missing-tool',
    status: 4,
    message: 'The recipe needs mmdebstrap, which is not installed.',
  });
});
