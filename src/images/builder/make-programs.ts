import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningStep } from '../../core/report-step.ts';
import { findCacheDirectory } from '../../host/home.ts';
import { buildLayer, cacheKey } from '../base-cache.ts';
import { recipeHash } from '../recipe-hash.ts';
import { fixRecipe } from '../recipes/fixed-step.ts';
import type { BuilderContext, BuildTarget } from './model.ts';

/** Folders for the builder, by role. They are removed with the scope. */
export type Programs = AsyncDisposable & { folders: ReadonlyMap<string, string> };

/**
 * Makes what the workspace lays onto bases of registries: for each platform an archive `program-<architecture>.tar`.
 * They lie below the workspace, because buildx reads no file from elsewhere without being asked.
 *
 * @throws ArcError `recipe-folder`, `missing-tool`, `recipe-step-failed`
 */
export async function makePrograms(
  options: Omit<BuilderContext, 'emit'> & {
    targets: readonly BuildTarget[];
    platforms: readonly string[];
    steps: ReadonlyMap<string, RunningStep>;
  },
): Promise<Programs> {
  const { root, targets, platforms, steps, environment, signal } = options;
  const folders = new Map<string, string>();
  const remove = async (): Promise<void> => {
    for (const folder of folders.values()) await rm(folder, { recursive: true, force: true });
  };
  try {
    for (const { role, folder, program } of targets) {
      if (program === undefined) continue;
      const recipe = await fixRecipe({ recipe: program.recipe, root, folder });
      const parent = join(root, '.arc');
      await mkdir(parent, { recursive: true });
      const context = await mkdtemp(join(parent, 'build-'));
      folders.set(role, context);
      for (const platform of platforms) {
        const architecture = platform.split('/')[1] ?? platform;
        const layer = await buildLayer({
          recipe,
          key: cacheKey(recipeHash(recipe), architecture),
          architecture,
          cacheDirectory: findCacheDirectory(environment),
          rebuild: false,
          environment,
          update: (news) => steps.get(role)?.update(news),
          signal,
        });
        await copyFile(layer.file, join(context, `program-${architecture}.tar`));
      }
    }
    return { folders, [Symbol.asyncDispose]: remove };
  } catch (cause) {
    await remove();
    throw cause;
  }
}
