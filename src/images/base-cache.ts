import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningStep } from '../core/report-step.ts';
import { isAlive, withBuildLock } from './build-lock.ts';
import { withoutPlace } from './recipe-hash.ts';
import type { FixedStep } from './recipes/fixed-step.ts';
import { type Layer, writeLayer } from './recipes/layer.ts';
import { contribute, describeStep } from './recipes/recipe.ts';

/** Name of a recipe's result in the cache. */
export function cacheKey(hash: string, architecture: string): string {
  return `${hash}-${architecture}`;
}

/** The layer of an earlier build of the recipe; undefined if there is none. */
export async function findCachedLayer(cacheDirectory: string, key: string): Promise<Layer | undefined> {
  const folder = join(cacheDirectory, 'bases', key);
  try {
    const { diffId, bytes } = JSON.parse(await readFile(join(folder, 'layer.json'), 'utf8')) as Layer;
    return { file: join(folder, 'layer.tar'), diffId, bytes };
  } catch (cause) {
    if (cause instanceof SyntaxError || (cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}

/**
 * Builds a recipe and keeps its layer in the cache. If another arc builds the same recipe, waits for it and uses its
 * result. An interrupted build leaves nothing that looks like a result.
 *
 * @param options.rebuild also where the cache has it
 * @throws ArcError `missing-tool`, `recipe-step-failed`
 */
export async function buildLayer(options: {
  recipe: readonly FixedStep[];
  /** See `cacheKey`. */
  key: string;
  architecture: string;
  cacheDirectory: string;
  rebuild: boolean;
  environment: Readonly<Record<string, string | undefined>>;
  update: RunningStep['update'];
  signal: AbortSignal;
}): Promise<Layer> {
  const { cacheDirectory, key } = options;
  const bases = join(cacheDirectory, 'bases');
  return await withBuildLock({
    file: join(bases, `${key}.lock`),
    signal: options.signal,
    onWait: (holder) =>
      options.update({
        answer: { question: 'waiting for the build of the same base', reply: holder, ok: false },
      }),
    work: async () => {
      const found = options.rebuild ? undefined : await findCachedLayer(cacheDirectory, key);
      if (found) return found;
      await removeLeftovers(bases, key);
      const scratch = join(bases, `${key}.${process.pid}.tmp`);
      try {
        return await buildInto({ ...options, scratch, folder: join(bases, key) });
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
  });
}

async function buildInto(
  options: Parameters<typeof buildLayer>[0] & { scratch: string; folder: string },
): Promise<Layer> {
  const { scratch, folder, recipe } = options;
  const contributions = [];
  for (const [index, step] of recipe.entries()) {
    const progress = { done: index, total: recipe.length, unit: 'steps' } as const;
    const update = (output: string) => options.update(recipe.length > 1 ? { progress, output } : { output });
    update(describeStep(step));
    const work = join(scratch, `step-${index}`);
    await mkdir(work, { recursive: true });
    contributions.push(...(await contribute(step, { ...options, work, update })));
  }
  const result = join(scratch, 'result');
  await mkdir(result);
  const file = join(result, 'layer.tar');
  const { diffId, bytes } = await writeLayer({ contributions, file, signal: options.signal });
  const record = { diffId, bytes, recipe: recipe.map(withoutPlace) };
  await writeFile(join(result, 'layer.json'), JSON.stringify(record, undefined, 2));
  await rm(folder, { recursive: true, force: true });
  await rename(result, folder);
  return { file: join(folder, 'layer.tar'), diffId, bytes };
}

/** Leftovers of builds that were killed. */
async function removeLeftovers(bases: string, key: string): Promise<void> {
  for (const name of await readdir(bases)) {
    const [of, pid, suffix] = name.split('.');
    if (of !== key || suffix !== 'tmp' || (isAlive(Number(pid)) && Number(pid) !== process.pid)) continue;
    await rm(join(bases, name), { recursive: true, force: true });
  }
}
