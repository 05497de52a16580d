import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { findCacheDirectory } from '../../src/host/home.ts';
import { buildLayer, cacheKey } from '../../src/images/base-cache.ts';
import { recipeHash } from '../../src/images/recipe-hash.ts';
import type { FixedStep } from '../../src/images/recipes/fixed-step.ts';

const links = { '/bin/sh': 'busybox', '/bin/wget': 'busybox' };
const tiny = (more: Readonly<Record<string, string>>): readonly FixedStep[] => [
  {
    kind: 'debian',
    suite: 'bookworm',
    variant: 'extract',
    packages: ['busybox-static'],
    links: { ...links, ...more },
  },
];

/** A base of two megabytes, made in seconds. */
export const tinyRecipe = tiny({});

/** What the recipe of the tiny base became when it was changed. */
export const changedTinyRecipe = tiny({ '/bin/cat': 'busybox' });

/**
 * Makes the tiny bases where they are missing: once, in the cache of whoever runs the tests, because some files that
 * use them run where there is no network to make them with.
 *
 * @returns their folders
 */
export async function bringTinyBases(docker: Docker): Promise<readonly string[]> {
  const { Arch: architecture } = await docker.version();
  const cacheDirectory = findCacheDirectory(process.env);
  const folders: string[] = [];
  for (const recipe of [tinyRecipe, changedTinyRecipe]) {
    const key = cacheKey(recipeHash(recipe), architecture);
    await buildLayer({
      ...{ recipe, key, architecture, cacheDirectory, rebuild: false, environment: process.env },
      update: () => {},
      signal: new AbortController().signal,
    });
    folders.push(join(cacheDirectory, 'bases', key));
  }
  return folders;
}

/** Has a cache of a test's own begin with bases that are made already. */
export function linkBases(options: { cacheDirectory: string; folders: readonly string[] }): void {
  const bases = join(options.cacheDirectory, 'bases');
  mkdirSync(bases, { recursive: true });
  for (const folder of options.folders) symlinkSync(folder, join(bases, folder.split('/').at(-1) ?? ''));
}
