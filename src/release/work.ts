import type { EventSink } from '../core/event.ts';
import type { GitContext } from '../git/git.ts';
import { revisionTag } from '../git/source.ts';
import type { GithubClient, GithubRelease } from '../github/client.ts';
import type { RegistryClient } from '../registry/client.ts';
import type { RegistryImage } from '../registry/image.ts';
import { promote } from '../registry/promote.ts';
import type { BundledFile } from './bundle.ts';
import type { ReleaseImage, ReleaseSnapshot } from './model.ts';
import type { ReleasePlan } from './plan.ts';

/** The means to carry out steps. */
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
  build: (images: readonly ReleaseImage[]) => Promise<readonly { role: string; image: RegistryImage }[]>;
  /** The service's sources, relative to the workspace: the notes list the commits that touch them. */
  servicePaths: readonly string[];
  /** Files for the archive for people without arc. */
  bundle: () => { files: readonly BundledFile[]; composeFile: string; network: string };
};

/** Results of earlier steps that later ones need. */
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

/** Builds images, and names each by its commit: that is how the next run knows them, should this one be interrupted. */
export async function buildImages(options: {
  work: ReleaseWork;
  progress: ReleaseProgress;
  images: readonly ReleaseImage[];
}): Promise<void> {
  const { work, progress, images } = options;
  const repositories = new Map(images.map(({ role, repository }) => [role, repository]));
  await Promise.all(
    (await work.build(images)).map(async ({ role, image }) => {
      const repo = repositories.get(role);
      if (repo === undefined) throw new Error(`${role} was built, and nobody asked for it`);
      const { digest } = image;
      await promote({ client: work.registry, repo, digest, tag: revisionTag(work.plan.commit) });
      progress.images.set(role, image);
    }),
  );
}
