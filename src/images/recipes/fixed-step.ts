import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { invalid } from '../../core/errors.ts';
import { findPackageRoot } from '../../host/package-root.ts';
import type { RecipeStep } from '../../manifest/model.ts';
import { digestOfSources } from './sources.ts';

type NpmStep = Extract<RecipeStep, { kind: 'npm' }>;

/** An npm step, and the files that it takes from the workspace. */
export type FixedNpmStep = NpmStep & {
  /** Where its folder is on this machine, absolute. It says nothing of what the step makes. */
  source: string;
  /** Digest of what is in the folder; see `digestOfSources`. */
  contents: string;
};

/** A step together with everything of the workspace that decides what it makes. */
export type FixedStep = Exclude<RecipeStep, NpmStep> | FixedNpmStep;

/**
 * Looks at the files of the workspace that a recipe takes.
 *
 * @param options.root the workspace's, absolute
 * @param options.folder of the service, relative to the root
 * @throws ArcError (exit status 2) `recipe-folder`, where the folder is not what `npm ci` needs
 */
export async function fixRecipe(options: {
  recipe: readonly RecipeStep[];
  root: string;
  folder: string;
}): Promise<readonly FixedStep[]> {
  return await Promise.all(options.recipe.map((step) => fixStep({ ...options, step })));
}

async function fixStep(options: { step: RecipeStep; root: string; folder: string }): Promise<FixedStep> {
  const { step, root, folder } = options;
  if (step.kind !== 'npm') return step;
  const named = posix.join(folder, step.folder);
  const own = join(root, named);
  const source = existsSync(own) ? own : (builtinFolder(named) ?? own);
  const { digest, names } = await digestOfSources(source).catch((cause: NodeJS.ErrnoException) => {
    throw invalid(
      {
        code: 'recipe-folder',
        message: `The folder ${named} of a recipe ${cause.code === 'ENOENT' ? 'does not exist' : `could not be read: ${cause.message}`}.`,
      },
      cause,
    );
  });
  const missing = ['package.json', 'package-lock.json'].find((file) => !names.has(file));
  if (missing === undefined) return { ...step, source, contents: digest };
  throw invalid({
    code: 'recipe-folder',
    message: `The folder ${named} of a recipe has no ${missing}.`,
    suggestion:
      missing === 'package.json'
        ? `\`npm init\` in ${named} makes one`
        : `\`npm install --package-lock-only\` in ${named} makes one; commit it`,
  });
}

/** The folder of a service that arc brings along: its sources are not copied into each workspace. */
function builtinFolder(path: string): string | undefined {
  const folder = join(findPackageRoot(), path);
  return existsSync(folder) ? folder : undefined;
}
