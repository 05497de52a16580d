import { confirm } from '../../app/consent.ts';
import { withEngine } from '../../app/session.ts';
import { formatBytes } from '../../core/bytes.ts';
import { exitStatus } from '../../core/errors.ts';
import { findCacheDirectory } from '../../host/home.ts';
import { groupBy } from '../../images/group-by.ts';
import { findLeftovers, type Leftover, removeLeftovers } from '../../images/leftovers.ts';
import { findOldBases, type OldBase, removeOldBases } from '../../images/old-bases.ts';
import { recipeHash } from '../../images/recipe-hash.ts';
import { fixRecipe } from '../../images/recipes/fixed-step.ts';
import { formsOf } from '../../manifest/flavours.ts';
import type { Manifests } from '../../manifest/model.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import type { Handler } from '../cli.ts';

/**
 * Removes bases of recipes that are not in the manifests any more, or not as they were, and what builds of wrappers
 * have left on the Engine without a name.
 */
export const pruneImages: Handler<{ yes?: boolean }> = async (options, cli) => {
  const { root, manifests } = await loadWorkspace({ cwd: cli.cwd });
  const inUse = await recipesOf({ root, manifests });
  const { bases, leftovers } = await withEngine({
    context: cli,
    use: async (_, { images: engineImages }) => {
      const found = {
        bases: await findOldBases({
          engineImages,
          cacheDirectory: findCacheDirectory(cli.environment),
          inUse,
        }),
        leftovers: await findLeftovers({ engineImages }),
      };
      if (found.bases.length + found.leftovers.length === 0) return found;
      cli.print(linesOf(found).join('\n'));
      await confirm({
        context: cli,
        question: 'Remove them? Another workspace with the same recipe has to build its base again.',
        flag: '--yes',
        given: options.yes === true,
      });
      await removeLeftovers({ engineImages, leftovers: found.leftovers });
      await removeOldBases({ engineImages, bases: found.bases });
      return found;
    },
  });
  const bytes = bases.reduce((sum, base) => sum + base.bytes, 0);
  cli.result({
    data: {
      removed: bases.map(({ recipe, images, bytes: size }) => ({ recipe, images, bytes: size })),
      bytes,
      leftovers: leftovers.map(({ id }) => id),
    },
    text: () => {
      const removed = [
        ...(bases.length === 0 ? [] : [`${count(bases, 'base')}, ${formatBytes(bytes)}`]),
        ...(leftovers.length === 0 ? [] : [`${count(leftovers, 'image')} without a name`]),
      ];
      return removed.length === 0
        ? 'Nothing to remove: no base of an old recipe, and no leftovers of builds.'
        : `Removed ${removed.join('; ')}.`;
    },
  });
  return exitStatus.done;
};

/** Leftovers of one wrapper in one line, without a size: most of each is the base, which stays. */
function linesOf(options: { bases: readonly OldBase[]; leftovers: readonly Leftover[] }): readonly string[] {
  const { bases, leftovers } = options;
  return [
    ...bases.map((base) => `- ${nameOf(base)}  (${formatBytes(base.bytes)})`),
    ...groupBy(leftovers, ({ wrapper }) => wrapper).map(
      (group) => `- ${count(group, 'image')} without a name, left by builds of ${group[0].wrapper}`,
    ),
  ];
}

function count(items: readonly unknown[], noun: string): string {
  return `${items.length} ${noun}${items.length === 1 ? '' : 's'}`;
}

function nameOf({ recipe, images }: { recipe: string; images: readonly string[] }): string {
  return images[0] ?? `the base of the recipe ${recipe.slice(0, 12)}, in arc's cache only`;
}

/** Hashes of all recipes in the manifests, those of every flavour. */
async function recipesOf(options: { root: string; manifests: Manifests }): Promise<ReadonlySet<string>> {
  const { root, manifests } = options;
  const hashes = manifests.services.flatMap(({ folder, sidecars, ...main }) =>
    [main, ...sidecars]
      .flatMap((container) => formsOf(container).map(({ recipe }) => recipe))
      .flatMap((recipe) => (recipe === undefined ? [] : [fixRecipe({ recipe, root, folder })])),
  );
  return new Set((await Promise.all(hashes)).map(recipeHash));
}
