import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { forProcessor, pypi, requirement } from './pypi.ts';

let work: string;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'arc-pypi-'));
});
afterEach(() => {
  rmSync(work, { recursive: true });
});

const step = {
  kind: 'pypi',
  package: 'tools',
  version: '1.2.0',
  hashes: ['aa', 'bb'],
  programs: { '/usr/local/bin/tool': 'tools/tool-{cpu}' },
} as const;

const contribute = (architecture: string) =>
  pypi.contribute(step, {
    work,
    architecture,
    environment: { PATH: '/nonexistent' },
    update: () => {},
    signal: new AbortController().signal,
  });

it('asks for one version, by the hashes of its wheels', () => {
  expect(requirement(step)).toBe('tools==1.2.0 --hash=sha256:aa --hash=sha256:bb\n');
});

it('says how to get pip where it is missing', async () => {
  await expect(contribute('amd64')).rejects.toMatchObject({
    code: 'missing-tool',
    status: 4,
    message: 'The recipe needs pip, which is not installed.',
  });
});

it('says so where it knows no name for the processor', async () => {
  await expect(contribute('riscv64')).rejects.toMatchObject({
    code: 'recipe-step-failed',
    message: 'Recipes of the kind pypi are for amd64 and arm64, not for riscv64.',
  });
});

it('fills in what the processor is called', () => {
  const take = { '/bin/a': 'a/a-{cpu}', '/bin/b': 'b-{machine}/b' };
  expect(forProcessor(take, { cpu: 'arm64', machine: 'aarch64' })).toEqual({
    '/bin/a': 'a/a-arm64',
    '/bin/b': 'b-aarch64/b',
  });
});
