import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repository } from '../../../tests/support/run-arc.ts';
import type { RecipeStep } from '../../manifest/model-recipe.ts';
import { fixRecipe } from './fixed-step.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'arc-fix-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const step = { kind: 'npm', folder: 'worker', target: '/opt/worker', node: '24.21.0' } as const;
const fix = () => fixRecipe({ recipe: [step], root, folder: 'services/media' });

function write(...files: readonly string[]): void {
  const folder = join(root, 'services/media/worker');
  mkdirSync(folder, { recursive: true });
  for (const file of files) writeFileSync(join(folder, file), '{}');
}

it('finds the folder beside the manifest of the service', async () => {
  write('package.json', 'package-lock.json');
  expect(await fix()).toEqual([
    {
      ...step,
      source: join(root, 'services/media/worker'),
      contents: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  ]);
});

it('finds a folder of the workspace that the service names by a path that leads there', async () => {
  const folder = join(root, 'packages/worker');
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) writeFileSync(join(folder, file), '{}');
  const named = { ...step, folder: '../../packages/worker' };
  expect(await fixRecipe({ recipe: [named], root, folder: 'services/media' })).toMatchObject([
    { source: folder },
  ]);
});

it('takes a folder that only arc has from its own package', async () => {
  const named = { ...step, folder: '../../packages/livekit-workers' };
  const [fixed] = await fixRecipe({ recipe: [named], root, folder: 'services/realtime' });
  expect(fixed).toHaveProperty('source', join(repository, 'packages/livekit-workers'));
});

it.each<[string, readonly string[] | undefined, string]>([
  ['is not there', undefined, 'The folder services/media/worker of a recipe does not exist.'],
  [
    'has no package',
    ['package-lock.json'],
    'The folder services/media/worker of a recipe has no package.json.',
  ],
  ['has no lock', ['package.json'], 'The folder services/media/worker of a recipe has no package-lock.json.'],
])('refuses a folder that %s', async (_case, files, message) => {
  if (files) write(...files);
  await expect(fix()).rejects.toMatchObject({ code: 'recipe-folder', status: 2, message });
});

it.each<['python' | 'go-module', string, string]>([
  ['python', 'setup.py', 'The folder services/media/worker of a recipe has no requirements.txt.'],
  ['go-module', 'go.mod', 'The folder services/media/worker of a recipe has no go.sum.'],
])('refuses a folder that has no lock for a step of the kind %s', async (kind, file, message) => {
  write(file);
  const steps: Record<typeof kind, RecipeStep> = {
    python: { kind: 'python', folder: 'worker', target: '/opt/worker', python: '3.11' },
    'go-module': { kind: 'go-module', folder: 'worker', package: '.', target: '/x', tags: [], variables: {} },
  };
  await expect(fixRecipe({ recipe: [steps[kind]], root, folder: 'services/media' })).rejects.toMatchObject({
    code: 'recipe-folder',
    message,
  });
});

describe('the lock of a maven step', () => {
  const maven = { kind: 'maven', artifacts: { 'a:b:1': 'c' }, lock: 'maven.lock', target: '/lib' } as const;
  const fixMaven = () => fixRecipe({ recipe: [maven], root, folder: 'services/media' });

  it('is read, so that another one makes another base', async () => {
    write();
    const sha256 = '1'.repeat(64);
    writeFileSync(join(root, 'services/media/maven.lock'), `# of a:b\n${sha256}  d:e:2\n`);
    expect(await fixMaven()).toEqual([{ ...maven, locked: { 'd:e:2': sha256 } }]);
  });

  it('is missed by its name', async () => {
    await expect(fixMaven()).rejects.toMatchObject({
      status: 2,
      code: 'recipe-lock',
      message: 'The lock file services/media/maven.lock of a recipe does not exist.',
    });
  });
});

it('leaves steps alone that take nothing of the workspace', async () => {
  const go = { kind: 'go', package: 'a/b', version: 'v1', target: '/b', replace: {}, tags: [] } as const;
  expect(await fixRecipe({ recipe: [go], root, folder: 'services/none' })).toEqual([go]);
});
