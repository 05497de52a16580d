import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { npm, tellingLines } from './npm.ts';
import { digestOfSources } from './sources.ts';

let folder: string;
let source: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-npm-'));
  source = join(folder, 'source');
  mkdirSync(source);
  for (const file of ['package.json', 'package-lock.json']) writeFileSync(join(source, file), '{}');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function contribute(options: { architecture?: string; contents?: string }) {
  const { architecture = 'amd64', contents = (await digestOfSources(source)).digest } = options;
  return await npm.contribute(
    { kind: 'npm', folder: 'worker', target: '/opt/worker', node: '24.21.0', source, contents },
    {
      work: join(folder, 'work'),
      architecture,
      environment: { PATH: '/nonexistent' },
      update: () => {},
      signal: new AbortController().signal,
    },
  );
}

it('says how to get npm where it is missing', async () => {
  await expect(contribute({})).rejects.toMatchObject({
    code: 'missing-tool',
    status: 4,
    message: 'The recipe needs npm, which is not installed.',
  });
});

it('makes nothing of files that are no longer those that the base would be named after', async () => {
  await expect(contribute({ contents: 'of before' })).rejects.toMatchObject({
    code: 'recipe-step-failed',
    message: 'The files of worker changed while they were read.',
  });
});

it('says so where npm has no Node.js for the processor', async () => {
  await expect(contribute({ architecture: 'riscv64' })).rejects.toMatchObject({
    message: 'npm has no Node.js for riscv64, only for amd64 and arm64.',
  });
});

it("keeps the reason of npm's failure, and not how npm is used", () => {
  const lines = [
    'npm http fetch GET 200 https://registry.npmjs.org/ms 208ms (cache updated)',
    'npm error code EUSAGE',
    'npm error',
    'npm error Missing: ms@2.1.3 from lock file',
    'npm error Clean install a project',
    'npm error Usage:',
    'npm error npm ci',
  ];
  expect(lines.filter(tellingLines())).toEqual([
    'npm error code EUSAGE',
    'npm error Missing: ms@2.1.3 from lock file',
  ]);
});
