import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { foreseeBase } from './foresee.ts';
import type { ImageRequest } from './model.ts';
import { recipeHash } from './recipe-hash.ts';
import type { FixedStep } from './recipes/fixed-step.ts';

const recipe: readonly FixedStep[] = [
  { kind: 'debian', suite: 'bookworm', variant: 'extract', packages: ['busybox-static'], links: {} },
];
const request: ImageRequest = {
  role: 'cache',
  policy: 'auto',
  recipe,
  dockerfile: '',
  image: {
    reference: 'x/cache:latest',
    upstream: 'docker.io/library/redis:7',
    user: '65532:65532',
    owned: [],
    dockerfile: 'Dockerfile',
    folder: 'services/cache',
    labels: {},
  },
};

let empty: string;
let filled: string;
beforeAll(() => {
  empty = mkdtempSync(join(tmpdir(), 'arc-foresee-'));
  filled = mkdtempSync(join(tmpdir(), 'arc-foresee-'));
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const folder = join(filled, 'bases', `${recipeHash(recipe)}-${architecture}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'layer.json'), JSON.stringify({ diffId: 'sha256:1', bytes: 1 }));
});
afterAll(() => {
  for (const folder of [empty, filled]) rmSync(folder, { recursive: true });
});

const foresee = (
  changes: Partial<ImageRequest>,
  answers: boolean,
  more: { offline?: true; cached?: true } = {},
) =>
  foreseeBase({
    request: { ...request, ...changes },
    offline: more.offline === true,
    cacheDirectory: more.cached ? filled : empty,
    answers: async () => answers,
  });

it('a base is pulled where its registry answers', async () => {
  expect(await foresee({}, true)).toBe('had');
});

it('is built where no registry answers, or none is to be asked', async () => {
  expect(await foresee({}, false)).toBe('to-build');
  expect(await foresee({ policy: 'local' }, true)).toBe('to-build');
});

it('is not built where the cache has it, or the network must not be used', async () => {
  expect(await foresee({}, false, { cached: true })).toBe('had');
  expect(await foresee({}, true, { offline: true })).toBe('lost');
});

it('is lost without a recipe, or where only the registry may be asked', async () => {
  const { recipe: _, ...without } = request;
  expect(
    await foreseeBase({
      request: without,
      offline: false,
      cacheDirectory: empty,
      answers: async () => false,
    }),
  ).toBe('lost');
  expect(await foresee({ policy: 'registry' }, false)).toBe('lost');
});
