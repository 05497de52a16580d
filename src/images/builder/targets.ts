import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { ArcError, exitStatus, failed, type Problem } from '../../core/errors.ts';
import { withUnixLineEnds } from '../../core/text.ts';
import type { RecipeStep } from '../../manifest/model-recipe.ts';
import { parseReference } from '../../registry/reference.ts';
import type { ResolvedImage } from '../../stack/model.ts';
import { baseLabels } from './build-labels.ts';
import type { BuildBase, BuildTarget } from './model.ts';

/** An image of the workspace to build. */
export type WantedImage = {
  role: string;
  /** Name of the container: `arc-realtime`. */
  name: string;
  image: ResolvedImage;
  /** Text of its Dockerfile, as it follows from the manifest. */
  dockerfile: string;
};

/**
 * Input for the builder.
 *
 * @param options.bases pinned, by reference
 * @param options.labels of this build, for all images; see sourceLabels
 */
export function buildTargets(options: {
  images: readonly WantedImage[];
  bases: ReadonlyMap<string, BuildBase>;
  labels: Readonly<Record<string, string>>;
}): readonly BuildTarget[] {
  const { images, bases, labels } = options;
  return images.map(({ role, name, image }) => {
    const published = image.releaseBase ?? image.upstream;
    const base = bases.get(published);
    if (base === undefined) throw new Error(`${published} is not pinned`);
    const recipe = (image.recipe ?? []).flatMap(released);
    const { registry, repository } = parseReference(image.reference);
    return {
      role,
      name,
      repository: { registry, repository },
      folder: image.folder,
      dockerfile: image.dockerfile,
      base,
      ...(image.releaseBase === undefined ? {} : { program: { named: image.upstream, recipe } }),
      labels: { ...labels, ...baseLabels(base) },
    };
  });
}

/** What of a step a release lays onto its base, which has the packages of Debian and what the manifest says. */
function released(step: RecipeStep): readonly RecipeStep[] {
  if (step.kind === 'debian' || ('in_release_base' in step && step.in_release_base === true)) return [];
  if (step.kind !== 'python' || step.python_in_release_base === undefined) return [step];
  return [{ ...step, interpreter: step.python_in_release_base }];
}

/**
 * Makes sure that the Dockerfiles on disk are those that follow from the manifests.
 *
 * @throws ArcError (exit status 2) with the problems of all that are not
 */
export async function checkDockerfiles(options: {
  root: string;
  images: readonly WantedImage[];
}): Promise<void> {
  const [first, ...rest] = await dockerfileProblems(options);
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.invalid });
}

/**
 * `dockerfile-missing` or `dockerfile-outdated` for each Dockerfile on disk that is not the one that follows from the
 * manifest: it is these files that are built and that people read.
 */
export async function dockerfileProblems(options: {
  root: string;
  images: readonly WantedImage[];
}): Promise<readonly Problem[]> {
  const { root, images } = options;
  const problems = await Promise.all(
    images.map(async ({ image, dockerfile }) => {
      const file = posix.join(image.folder, image.dockerfile);
      const text = await readIfThere(join(root, file));
      if (text === undefined) return missing(file);
      // A header of comments stands before it.
      return withUnixLineEnds(text).endsWith(`\n${dockerfile}`) ? [] : outdated(file);
    }),
  );
  return problems.flat();
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw failed({ code: 'cannot-read', message: `${path} could not be read: ${message}.` }, error);
  }
}

function missing(file: string): readonly Problem[] {
  return [
    {
      code: 'dockerfile-missing',
      message: `${file} does not exist, but an image is built from it.`,
      suggestion: 'arc generate, then commit it',
    },
  ];
}

function outdated(file: string): readonly Problem[] {
  return [
    {
      code: 'dockerfile-outdated',
      message: `${file} does not match the manifest: one was changed without the other.`,
      suggestion: 'look at `arc generate --check`, then run `arc generate` and commit what it writes',
    },
  ];
}
