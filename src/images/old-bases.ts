import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineImages } from '../platform/docker/engine-images.ts';
import { imageLabels } from './model.ts';

/** A base of a recipe that is no longer in use: on the Engine, in arc's cache, or in both. */
export type OldBase = {
  /** Hash of its recipe. */
  recipe: string;
  /** Names on the Engine. */
  images: readonly string[];
  /** Folders in the cache, absolute. */
  folders: readonly string[];
  /** Size of the files in the cache, or of the image if it is not cached: the Engine has its own copy. */
  bytes: number;
};

/** Folders of finished bases: `<hash>-<architecture>`; those that are being made have more to their name. */
const cached = /^([0-9a-f]{64})-\w+$/;

/**
 * Looks for bases that none of the recipes in use makes, in order of their size, the largest first.
 *
 * @param options.inUse hashes of recipes
 */
export async function findOldBases(options: {
  engineImages: EngineImages;
  cacheDirectory: string;
  inUse: ReadonlySet<string>;
}): Promise<readonly OldBase[]> {
  const { engineImages, cacheDirectory, inUse } = options;
  const found = new Map<string, OldBase>();
  const add = (recipe: string, one: Partial<OldBase>): void => {
    if (inUse.has(recipe)) return;
    const { images = [], folders = [], bytes = 0 } = found.get(recipe) ?? {};
    found.set(recipe, {
      recipe,
      images: [...images, ...(one.images ?? [])],
      folders: [...folders, ...(one.folders ?? [])],
      bytes: Math.max(bytes, one.bytes ?? 0),
    });
  };
  const bases = join(cacheDirectory, 'bases');
  const names = await readdir(bases).catch(() => []);
  for (const name of names) {
    const recipe = cached.exec(name)?.[1];
    const layer = await stat(join(bases, name, 'layer.tar')).catch(() => undefined);
    if (recipe !== undefined) add(recipe, { folders: [join(bases, name)], bytes: layer?.size ?? 0 });
  }
  for (const image of await engineImages.list(['arc-base/*'])) {
    const recipe = image.labels[imageLabels.recipe];
    if (recipe !== undefined) add(recipe, { images: image.names, bytes: image.bytes });
  }
  return [...found.values()].toSorted((a, b) => b.bytes - a.bytes);
}

/** Removes them; an image that containers use stays, without its name. */
export async function removeOldBases(options: {
  engineImages: EngineImages;
  bases: readonly OldBase[];
}): Promise<void> {
  for (const { images, folders } of options.bases) {
    for (const image of images) await options.engineImages.remove(image);
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  }
}
