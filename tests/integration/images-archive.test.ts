import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureImages } from '../../src/images/ensure.ts';
import { listImages } from '../../src/images/list.ts';
import { loadImages } from '../../src/images/load.ts';
import { localBaseReference } from '../../src/images/load-base.ts';
import { recipeHash } from '../../src/images/recipe-hash.ts';
import { saveImages } from '../../src/images/save.ts';
import { tinyRecipe } from '../support/tiny-bases.ts';
import { openBench, stepLines, type TestBench, tinyRequest } from './images-engine.ts';

let bench: TestBench;
let file: string;
const request = tinyRequest({ policy: 'auto' });
const { reference, upstream } = request.image;
const base = localBaseReference(upstream, recipeHash(tinyRecipe));
const images = [
  { role: 'tiny', reference },
  { role: 'tiny-job', reference },
];

beforeAll(async () => {
  bench = await openBench();
  file = join(bench.folder, 'stack.tar');
  await ensureImages({ ...bench.context, requests: [{ ...request, policy: 'local' }] });
});
afterAll(() => bench?.close());

async function removeImages(): Promise<void> {
  for (const name of [reference, base]) await bench.docker.getImage(name).remove({ force: true });
}

describe('an archive of images', () => {
  it('is written whole, and says what is in it', async () => {
    const saved = await saveImages({ ...bench.context, images, file });
    expect(saved.images).toEqual([
      {
        roles: ['tiny', 'tiny-job'],
        reference,
        id: expect.stringMatching(/^sha256:/),
        base: { reference: upstream, source: 'local', recipe: recipeHash(tinyRecipe) },
      },
    ]);
    expect(bench.events.filter(({ type }) => type === 'warning')).toEqual([]);
    expect(readdirSync(bench.folder)).not.toContainEqual(expect.stringContaining('.partial'));
    expect(stepLines(bench.events).at(-1)).toMatch(/^done archive .*stack\.tar saved: .* MB$/);
  });

  it('brings everything to an Engine that has nothing, and nothing else is needed', async () => {
    await removeImages();
    expect(await listImages({ ...bench.context, images })).toEqual(images);
    const loaded = await loadImages({ ...bench.context, file });
    expect(loaded.references.toSorted()).toEqual([base, reference].toSorted());
    expect(loaded.images).toMatchObject([{ roles: ['tiny', 'tiny-job'], reference }]);
    const options = { ...bench.context, cacheDirectory: join(bench.folder, 'no-cache'), offline: true };
    const { ready, missing } = await ensureImages({ ...options, requests: [request] });
    expect(missing).toEqual([]);
    expect(ready).toMatchObject([{ role: 'tiny', built: false, base: { source: 'local' } }]);
  });

  it('is written without a base that the Engine has lost, with a warning that says so', async () => {
    const baseless = join(bench.folder, 'baseless.tar');
    await bench.docker.getImage(base).remove();
    bench.events.length = 0;
    await saveImages({ ...bench.context, images, file: baseless });
    const warnings = bench.events.flatMap((event) => (event.type === 'warning' ? [event.problem] : []));
    expect(warnings).toMatchObject([
      { code: 'bases-not-saved', message: expect.stringContaining(`made from ${upstream}:`) },
    ]);
    expect(await loadImages({ ...bench.context, file: baseless })).toMatchObject({ references: [reference] });
  });

  it('of `docker save` can be loaded as well', async () => {
    const plain = join(bench.folder, 'plain.tar');
    const answer = await bench.docker.getImage(reference).get();
    const { createWriteStream } = await import('node:fs');
    const { pipeline } = await import('node:stream/promises');
    await pipeline(answer, createWriteStream(plain));
    expect(await loadImages({ ...bench.context, file: plain })).toEqual({ references: [reference] });
  });

  it('is not written without all of its images', async () => {
    const wanted = [...images, { role: 'absent', reference: 'arc-test.invalid/absent:latest' }];
    const absent = join(bench.folder, 'absent.tar');
    await expect(saveImages({ ...bench.context, images: wanted, file: absent })).rejects.toMatchObject({
      code: 'image-missing',
      problems: [{ detail: ['arc-test.invalid/absent:latest'] }],
    });
    expect(existsSync(absent)).toBe(false);
  });

  it('that cannot be written leaves nothing, and says why', async () => {
    const nowhere = join(bench.folder, 'no-such-folder', 'a.tar');
    await expect(saveImages({ ...bench.context, images, file: nowhere })).rejects.toMatchObject({
      code: 'archive-unwritable',
      message: expect.stringContaining('ENOENT'),
    });
  });

  it.each([
    ['is no archive', Buffer.alloc(4096, 'x')],
    ['is cut off', undefined],
  ])('that %s is refused', async (_case, content) => {
    const { readFileSync } = await import('node:fs');
    const broken = join(bench.folder, 'broken.tar');
    writeFileSync(broken, content ?? readFileSync(file).subarray(0, 300_000));
    await expect(loadImages({ ...bench.context, file: broken })).rejects.toMatchObject({
      code: expect.stringMatching(/^archive-(?:unreadable|not-loaded)$/),
    });
  });
});
