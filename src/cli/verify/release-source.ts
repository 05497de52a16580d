import { ArcError, type Problem } from '../../core/errors.ts';
import { type Commit, commitOfTag, committedFiles, findCommit } from '../../git/committed.ts';
import type { GitContext } from '../../git/git.ts';
import { baseLabels, sourceLabels } from '../../images/builder/build-labels.ts';
import { emptyLock, type ImagesLock, lockedBase, lockFile } from '../../images/lock/model.ts';
import { parseLock } from '../../images/lock/parse.ts';
import type { ReleaseManifest } from '../../manifest/model-release.ts';
import { parseManifests } from '../../manifest/parse.ts';
import type { Repository } from '../../registry/model.ts';
import { parseReference } from '../../registry/reference.ts';
import type { ExpectedImage } from '../../release/supply/verdict.ts';
import { drawBlueprint } from '../../render/blueprint.ts';
import { labelsOfDockerfile } from '../../render/dockerfile-labels.ts';
import type { ResolvedContainer } from '../../stack/model.ts';
import { throwIfAny } from '../../stack/problems.ts';
import { templatesOf } from '../../workspace/templates.ts';

/** What the images of a commit should be, for example of the commit of a release's git tag. */
export type ReleaseSource = { commit: string } & (
  | { settings: ReleaseManifest | undefined; images: readonly TaggedImage[] }
  /** This arc does not understand the manifests of that commit, for this reason. */
  | { unreadable: Problem }
);

export type TaggedImage = {
  role: string;
  repository: Repository;
  expected: ExpectedImage;
  /** Path of the Dockerfile, where the commit does not have it. */
  missingDockerfile?: string;
};

type Files = ReadonlyMap<string, string | Uint8Array>;
type ReleaseName = { service: string; version: string };

/** Manifests, what they name, generated Dockerfiles and the lock; no compose files, which are the largest. */
const wanted =
  /^(?:arc\.yaml|images\.lock\.yaml|services\/profiles\.yaml|contracts\/[^/]+\.yaml|services\/[^/]+\/(?:service\.yaml|[^/]+\.liquid|Dockerfile[^/]*|[^/]+\/.+))$/;

/**
 * Reads the workspace at a release's git tag. The Dockerfiles and the lock of that commit determine the images,
 * whatever today's manifests say.
 *
 * @returns undefined if this clone has no such tag
 */
export async function readReleaseSource(
  options: ReleaseName & { git: GitContext; tag: string },
): Promise<ReleaseSource | undefined> {
  const found = await commitOfTag({ ...options.git, tag: options.tag });
  return found && sourceAt({ ...options, commit: found });
}

/**
 * The same for an image of no release, at the commit that its label names.
 *
 * @param options.version label of the image: `sha-1a2b3c4d5e6f`
 * @returns undefined if this clone has no such commit
 */
export async function readCommitSource(
  options: ReleaseName & { git: GitContext; hash: string },
): Promise<ReleaseSource | undefined> {
  const found = await findCommit({ ...options.git, hash: options.hash });
  return found && sourceAt({ ...options, commit: found });
}

async function sourceAt(options: ReleaseName & { git: GitContext; commit: Commit }): Promise<ReleaseSource> {
  const { git, commit } = options;
  const files = await committedFiles({
    ...git,
    commit: commit.commit,
    wanted: (path) => wanted.test(path),
  });
  return { commit: commit.commit, ...describeImages({ ...options, files }) };
}

/** Pure: what the files of a commit say of the images of a service. */
export function describeImages(
  options: ReleaseName & { files: Files; commit: Commit },
): { settings: ReleaseManifest | undefined; images: readonly TaggedImage[] } | { unreadable: Problem } {
  const { files, commit, service, version } = options;
  const { manifests, problems } = parseManifests({ files });
  const [problem] = problems;
  if (problem !== undefined) return { unreadable: problem };
  if (manifests === undefined) throw new Error('manifests without problems are always given');
  try {
    const { stack } = drawBlueprint({
      manifests,
      templates: templatesOf({ manifests, files }),
      services: [],
    });
    const settings = manifests.workspace.release;
    const lockText = files.get(lockFile);
    const { lock, problems: misread } =
      lockText === undefined ? { lock: emptyLock, problems: [] } : parseLock(lockText);
    throwIfAny(misread);
    const making = {
      files,
      lock,
      labels: sourceLabels({ source: { ...commit, changed: [] }, version }),
      expected: { platforms: settings?.platforms ?? [], version, commit: commit.commit },
    };
    const own = stack.containers.filter(
      (container) => container.service === service && container.kind === 'service',
    );
    return { settings, images: own.map((container) => describeImage({ ...making, container })) };
  } catch (error) {
    if (error instanceof ArcError) return { unreadable: error.problems[0] };
    throw error;
  }
}

function describeImage(options: {
  container: ResolvedContainer;
  files: Files;
  lock: ImagesLock;
  labels: Readonly<Record<string, string>>;
  expected: Omit<ExpectedImage, 'labels'>;
}): TaggedImage {
  const { files, lock, labels, expected } = options;
  const { role, image } = options.container;
  const { registry, repository } = parseReference(image.reference);
  const path = `${image.folder}/${image.dockerfile}`;
  const dockerfile = files.get(path);
  const reference = image.releaseBase ?? image.upstream;
  const baseDigest = lockedBase({ lock, upstream: reference })?.digest;
  const base = baseDigest === undefined ? {} : baseLabels({ reference, digest: baseDigest });
  return {
    role,
    repository: { registry, repository },
    expected: {
      ...expected,
      labels: { ...labelsOfDockerfile(dockerfile?.toString() ?? ''), ...labels, ...base },
      ...(baseDigest === undefined ? {} : { baseDigest }),
    },
    ...(dockerfile === undefined ? { missingDockerfile: path } : {}),
  };
}
