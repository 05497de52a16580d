import { exitStatus } from '../../errors.ts';
import { findCacheDirectory } from '../../host/home.ts';
import { findOldBases, removeOldBases } from '../../images/old-bases.ts';
import { formatBytes } from '../../images/progress.ts';
import { recipeHash } from '../../images/recipe-hash.ts';
import { fixRecipe } from '../../images/recipes/fixed-step.ts';
import type { Manifests } from '../../manifest/model.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import type { Handler } from '../cli.ts';
import { confirm } from '../consent.ts';
import { withEngine } from '../session.ts';

/** Removes bases of recipes that are not in the manifests any more, or not as they were. */
export const pruneImages: Handler<{ yes?: boolean }> = async (options, cli) => {
  const { root, manifests } = await loadWorkspace({ cwd: cli.cwd });
  const inUse = await recipesOf({ root, manifests });
  const bases = await withEngine({
    cli,
    use: async (_, { docker }) => {
      const found = await findOldBases({
        docker,
        cacheDirectory: findCacheDirectory(cli.environment),
        inUse,
      });
      if (found.length === 0) return found;
      cli.print(found.map((base) => `- ${nameOf(base)}  (${formatBytes(base.bytes)})`).join('\n'));
      await confirm({
        cli,
        question: 'Remove them? Another workspace that has such a recipe makes its base again.',
        flag: '--yes',
        given: options.yes === true,
      });
      await removeOldBases({ docker, bases: found });
      return found;
    },
  });
  const bytes = bases.reduce((sum, base) => sum + base.bytes, 0);
  cli.result({
    data: {
      removed: bases.map(({ recipe, images, bytes: size }) => ({ recipe, images, bytes: size })),
      bytes,
    },
    text: () =>
      bases.length === 0
        ? 'There is no base of an old recipe.'
        : `Removed ${bases.length} ${bases.length === 1 ? 'base' : 'bases'}, ${formatBytes(bytes)}.`,
  });
  return exitStatus.done;
};

function nameOf({ recipe, images }: { recipe: string; images: readonly string[] }): string {
  return images[0] ?? `the base of the recipe ${recipe.slice(0, 12)}, in arc's cache only`;
}

/** Hashes of all recipes in the manifests, those of every flavour. */
async function recipesOf(options: { root: string; manifests: Manifests }): Promise<ReadonlySet<string>> {
  const { root, manifests } = options;
  const hashes = manifests.services.flatMap(({ folder, sidecars, ...main }) =>
    [main, ...sidecars]
      .flatMap((container) => [container.recipe, container.flavours?.embedded.recipe])
      .flatMap((recipe) => (recipe === undefined ? [] : [fixRecipe({ recipe, root, folder })])),
  );
  return new Set((await Promise.all(hashes)).map(recipeHash));
}
