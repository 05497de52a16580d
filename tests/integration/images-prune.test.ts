import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureImages } from '../../src/images/ensure.ts';
import { type ImageRequest, imageLabels } from '../../src/images/model.ts';
import { findOldBases, removeOldBases } from '../../src/images/old-bases.ts';
import { recipeHash } from '../../src/images/recipe-hash.ts';
import type { FixedStep } from '../../src/images/recipes/fixed-step.ts';
import { changedTinyRecipe, tinyRecipe } from '../support/tiny-bases.ts';
import { openBench, type TestBench, tinyRequest } from './images-engine.ts';

// A base, and the one that took its place when the recipe was changed.
const [old, current] = [tinyRecipe, changedTinyRecipe].map((recipe) => recipeHash(recipe));
const request = (recipe: readonly FixedStep[]): ImageRequest =>
  tinyRequest({ policy: 'local', name: 'pruned', recipe });

let bench: TestBench;
beforeAll(async () => {
  bench = await openBench();
  for (const recipe of [tinyRecipe, changedTinyRecipe])
    expect((await ensureImages({ ...bench.context, requests: [request(recipe)] })).missing).toEqual([]);
});
afterAll(() => bench?.close());

const find = async () => {
  const found = await findOldBases({
    ...bench.context,
    inUse: new Set([current ?? '']),
  });
  // The Engine may have bases of others.
  return found.filter(({ recipe }) => recipe === old || recipe === current);
};

/** Other workspaces may have given the same base a name of theirs. */
async function namesOnEngine(recipe: string): Promise<readonly string[]> {
  const images = await bench.docker.listImages({
    filters: { reference: ['arc-base/*'], label: [`${imageLabels.recipe}=${recipe}`] },
  });
  return images.flatMap(({ RepoTags }) => RepoTags ?? []).toSorted();
}

it('names the base of the recipe before, with all that there is of it, and not that which is in use', async () => {
  const found = await find();
  expect(found).toHaveLength(1);
  expect(found[0]?.recipe).toBe(old);
  expect(found[0]?.images).toContainEqual(expect.stringMatching(/^arc-base\/pruned:/));
  expect(found[0]?.images.toSorted()).toEqual(await namesOnEngine(old ?? ''));
  expect(found[0]?.folders).toHaveLength(1);
  expect(found[0]?.bytes).toBeGreaterThan(1e6);
});

it('removes it from the Engine and from the cache; the wrapper of the new one can still be run', async () => {
  const bases = await find();
  await removeOldBases({ ...bench.context, bases });
  expect(await find()).toEqual([]);
  expect(existsSync(bases[0]?.folders[0] ?? '')).toBe(false);
  const { ready } = await ensureImages({ ...bench.context, requests: [request(changedTinyRecipe)] });
  expect(ready[0]).toMatchObject({ built: false });
});

it('leaves alone what is being made', async () => {
  mkdirSync(join(bench.context.cacheDirectory, 'bases', `${old}-amd64.${process.pid}.tmp`));
  expect(await find()).toEqual([]);
});
