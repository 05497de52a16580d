import { failed, type Problem } from '../core/errors.ts';
import type { PlatformImage } from '../registry/image.ts';
import { buildLabelNames } from '../registry/image-labels.ts';
import type { Repository } from '../registry/model.ts';
import { repositoryName } from '../registry/reference.ts';

/** The images of one release, as the registry has them. */
export type ReleasedSet = {
  /** `v0.1.0`. */
  version: string;
  /** The commit that all of them were built from. */
  revision: string;
  images: readonly ReleasedImage[];
};

export type ReleasedImage = {
  repository: Repository;
  /** Digest of the index. */
  digest: string;
  platforms: readonly PlatformImage[];
};

/** What every platform of every image must claim: this version, and one commit. */
export function checkLabels(options: {
  service: string;
  version: string;
  images: readonly ReleasedImage[];
}): { revision: string } | { problem: Problem } {
  const { service, version, images } = options;
  const claims = images.flatMap(({ repository, platforms }) =>
    platforms.map((platform) => ({
      name: `${repositoryName(repository)}:${version} for ${platform.platform}`,
      version: platform.labels[buildLabelNames.version],
      revision: platform.labels[buildLabelNames.revision],
    })),
  );
  const revisions = new Set(claims.map(({ revision }) => revision));
  const [revision] = revisions;
  const agree = claims.every((claim) => claim.version === version);
  if (agree && revisions.size === 1 && revision !== undefined) return { revision };
  return {
    problem: {
      code: 'release-inconsistent',
      message: `The images of ${service} ${version} do not say that they are of one release.`,
      detail: claims.map(
        (claim) =>
          `${claim.name}: version ${claim.version ?? 'not labelled'}, commit ${claim.revision ?? 'not labelled'}`,
      ),
      suggestion: `somebody has moved a tag: arc verify ${service}@${version} compares with the git tag; name another version`,
    },
  };
}

/**
 * Makes sure that every image of a release can run here.
 *
 * @param options.platform of the Engine: `linux/amd64`
 * @throws ArcError `release-lacks-platform`
 */
export function requirePlatform(options: { service: string; release: ReleasedSet; platform: string }): void {
  const { service, release, platform } = options;
  const lacking = release.images.filter(
    // `linux/arm64/v8` is what an Engine for linux/arm64 runs.
    ({ platforms }) => !platforms.some((one) => `${one.platform}/`.startsWith(`${platform}/`)),
  );
  if (lacking.length === 0) return;
  throw failed({
    code: 'release-lacks-platform',
    message: `${release.version} of ${service} was not built for ${platform}, which this Engine runs.`,
    detail: lacking.map(
      ({ repository, platforms }) =>
        `${repositoryName(repository)}: ${platforms.map((one) => one.platform).join(', ') || 'no platform'}`,
    ),
    suggestion: 'name another version, or release one with this platform in `release.platforms` of arc.yaml',
  });
}
