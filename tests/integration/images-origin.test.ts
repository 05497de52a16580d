import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ensureImages } from '../../src/images/ensure.ts';
import { localBaseReference } from '../../src/images/load-base.ts';
import { imageLabels } from '../../src/images/model.ts';
import { recipeHash } from '../../src/images/recipe-hash.ts';
import { tinyRecipe } from '../support/tiny-bases.ts';
import { openBench, type TestBench, tinyRequest } from './images-engine.ts';

// An image that was made here, and has the name of an upstream's that no registry was asked for. containerd's image
// store gives it a digest in that repository all the same.
let bench: TestBench;
const plain = tinyRequest({ policy: 'registry', recipe: [] });
const { reference, upstream } = plain.image;

beforeAll(async () => {
  bench = await openBench();
  await ensureImages({ ...bench.context, requests: [tinyRequest({ policy: 'local' })] });
  const base = localBaseReference(upstream, recipeHash(tinyRecipe));
  await bench.docker.getImage(base).tag({ repo: 'arc-test/tiny', tag: '1.0' });
});
beforeEach(() => bench.docker.getImage(reference).remove({ force: true }));
afterAll(() => bench?.close());

it('a base that was made on this machine does not come from a registry, whatever its name', async () => {
  const { ready } = await ensureImages({ ...bench.context, requests: [plain] });
  expect(ready).toMatchObject([{ built: true, base: { reference: upstream, source: 'present' } }]);
  expect(ready[0]?.base).not.toHaveProperty('digest');
  const { Labels: labels } = (await bench.docker.getImage(reference).inspect()).Config;
  expect(labels[imageLabels.baseSource]).toBe('present');
  expect(labels).not.toHaveProperty([imageLabels.baseDigest]);
});

it('a base of which only the name is known is taken for the one that is locked, while offline', async () => {
  const pinned = { ...plain, locked: `sha256:${'5'.repeat(64)}` };
  const { ready, missing } = await ensureImages({ ...bench.context, offline: true, requests: [pinned] });
  expect(missing).toEqual([]);
  expect(ready).toMatchObject([{ built: true, base: { source: 'present' } }]);
});
