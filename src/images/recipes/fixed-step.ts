import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { invalid } from '../../core/errors.ts';
import { findPackageRoot } from '../../host/package-root.ts';
import type { DocumentationStep, MavenStep, RecipeStep } from '../../manifest/model-recipe.ts';
import { digestOfPages } from './documentation.ts';
import { type MavenLock, readMavenLock } from './maven-lock.ts';
import { digestOfSources } from './sources.ts';

/** Kinds of step that take a folder of the workspace. */
type FolderKind = Extract<RecipeStep, { folder: string }>['kind'];

/** A step that takes a folder, and what is in there. */
export type FixedFolderStep<Kind extends FolderKind = FolderKind> = Extract<RecipeStep, { kind: Kind }> & {
  /** Absolute path of the step's folder on this machine. It does not influence the result of the step. */
  source: string;
  /** Digest of what is in the folder; see `digestOfSources`. */
  contents: string;
};

/** A maven step, and what its lock file says. */
export type FixedMavenStep = MavenStep & { locked?: MavenLock };

/** A documentation step, with the folder of all pages and the digest of its own. */
export type FixedDocumentationStep = DocumentationStep & { source: string; contents: string };

/** A step together with everything of the workspace that decides what it makes. */
export type FixedStep =
  | Exclude<RecipeStep, { kind: FolderKind | 'maven' | 'documentation' }>
  | { [Kind in FolderKind]: FixedFolderStep<Kind> }[FolderKind]
  | FixedMavenStep
  | FixedDocumentationStep;

/** The files that a folder has to have, and how a person makes those that are missing. */
const needed: Record<FolderKind, Readonly<Record<string, (folder: string) => string>>> = {
  npm: {
    'package.json': (folder) => `\`npm init\` in ${folder} makes one`,
    'package-lock.json': (folder) => `\`npm install --package-lock-only\` in ${folder} makes one; commit it`,
  },
  python: {
    'requirements.txt': () =>
      '`pip-compile --generate-hashes` makes one of what the program needs; commit it',
  },
  'go-module': {
    'go.mod': (folder) => `\`go mod init\` in ${folder} makes one`,
    'go.sum': (folder) => `\`go mod tidy\` in ${folder} makes one; commit it`,
  },
};

/**
 * Reads the files of the workspace that a recipe uses.
 *
 * @param options.root the workspace's, absolute
 * @param options.folder of the service, relative to the root
 * @throws ArcError (exit status 2) `recipe-folder`, where a folder is not what its step needs; `recipe-lock`, where a
 *   lock file cannot be read
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
  switch (step.kind) {
    case 'npm':
      return { ...step, ...(await lookAt({ step, root, folder })) };
    case 'python':
      return { ...step, ...(await lookAt({ step, root, folder })) };
    case 'go-module':
      return { ...step, ...(await lookAt({ step, root, folder })) };
    case 'maven': {
      if (step.lock === undefined) return step;
      const file = posix.join(folder, step.lock);
      return { ...step, locked: await readMavenLock({ file, path: placeOf({ root, named: file }) }) };
    }
    case 'documentation': {
      const source = join(findPackageRoot(), 'docs');
      return { ...step, source, contents: await digestOfPages({ source, pages: step.pages }) };
    }
    case 'go':
    case 'collector':
    case 'debian':
    case 'pypi':
      return step;
    default:
      return step satisfies never;
  }
}

async function lookAt(options: {
  step: Extract<RecipeStep, { kind: FolderKind }>;
  root: string;
  folder: string;
}): Promise<{ source: string; contents: string }> {
  const { step, root, folder } = options;
  const named = posix.join(folder, step.folder);
  const source = placeOf({ root, named });
  const { digest, names } = await digestOfSources(source).catch((cause: NodeJS.ErrnoException) => {
    throw invalid(
      {
        code: 'recipe-folder',
        message: `The folder ${named} of a recipe ${cause.code === 'ENOENT' ? 'does not exist' : `could not be read: ${cause.message}`}.`,
      },
      cause,
    );
  });
  const missing = Object.entries(needed[step.kind]).find(([file]) => !names.has(file));
  if (missing === undefined) return { source, contents: digest };
  const [file, howTo] = missing;
  throw invalid({
    code: 'recipe-folder',
    message: `The folder ${named} of a recipe has no ${file}.`,
    suggestion: howTo(named),
  });
}

/**
 * The path of a file or folder: in the workspace, or in a built-in service, whose sources are not copied into each
 * workspace.
 */
function placeOf(options: { root: string; named: string }): string {
  const own = join(options.root, options.named);
  if (existsSync(own)) return own;
  const builtin = join(findPackageRoot(), options.named);
  return existsSync(builtin) ? builtin : own;
}
