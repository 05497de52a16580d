import { failed } from '../errors.ts';
import type { GitContext } from '../git/git.ts';
import { revisionTag } from '../git/source.ts';
import type { GithubClient, GithubRelease } from '../github/client.ts';
import type { EventSink } from '../output/event.ts';
import type { RegistryClient } from '../registry/client.ts';
import { type RegistryImage, readImage } from '../registry/image.ts';
import type { BundledFile } from './bundle.ts';
import type { ReleaseImage, ReleaseSnapshot } from './model.ts';
import { imageAt } from './names.ts';
import type { ReleasePlan } from './plan.ts';

/** What steps are carried out with. */
export type ReleaseWork = {
  plan: ReleasePlan;
  snapshot: ReleaseSnapshot;
  registry: RegistryClient;
  github: GithubClient;
  git: GitContext;
  environment: Readonly<Record<string, string | undefined>>;
  emit: EventSink;
  signal: AbortSignal;
  /** Builds images by digest, for all platforms of the release, into their repositories; no tag is set. */
  build: (images: readonly ReleaseImage[]) => Promise<readonly { role: string; digest: string }[]>;
  /** What the service is made from, relative to the workspace: commits that touch it are in the notes. */
  servicePaths: readonly string[];
  /** What goes into the archive for people without arc. */
  bundle: { files: readonly BundledFile[]; composeFile: string; network: string };
};

/** What later steps need of earlier ones. */
export type ReleaseProgress = {
  /** By role. */
  images: Map<string, RegistryImage>;
  hosted: GithubRelease | undefined;
};

/** The image that a step is about, which an earlier one has built or found. */
export function imageOf(progress: ReleaseProgress, image: ReleaseImage): RegistryImage {
  const found = progress.images.get(image.role);
  if (found === undefined) throw new Error(`no step has built ${image.name}`);
  return found;
}

/**
 * Builds images, and names each by its commit: that is how the next run knows them, should this one be interrupted.
 *
 * @throws ArcError (exit status 1) `image-not-found` where the registry does not have what was built
 */
export async function buildImages(options: {
  work: ReleaseWork;
  progress: ReleaseProgress;
  images: readonly ReleaseImage[];
}): Promise<void> {
  const { work, progress, images } = options;
  const built = new Map((await work.build(images)).map(({ role, digest }) => [role, digest]));
  await Promise.all(
    images.map(async (image) => {
      const digest = built.get(image.role) ?? '';
      const stored = digest === '' ? undefined : await work.registry.manifest(image.repository, digest);
      const found = await readImage({ client: work.registry, repo: image.repository, reference: digest });
      if (stored === undefined || found === undefined) {
        throw failed({
          code: 'image-not-found',
          message: `${imageAt(image, { digest })} is not in the registry, although it was built into it.`,
          suggestion: 'run the same command again',
        });
      }
      await work.registry.putManifest(image.repository, {
        reference: revisionTag(work.plan.commit),
        mediaType: stored.mediaType,
        bytes: stored.bytes,
      });
      progress.images.set(image.role, found);
    }),
  );
}
