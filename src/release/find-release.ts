import { failed } from '../core/errors.ts';
import type { RegistryClient } from '../registry/client.ts';
import { readImage } from '../registry/image.ts';
import type { Repository } from '../registry/model.ts';
import { repositoryName } from '../registry/reference.ts';
import { chooseVersion, releasedVersions } from './choose-version.ts';
import type { FinishedVersions } from './finished-versions.ts';
import { checkLabels, type ReleasedImage, type ReleasedSet } from './released-set.ts';
import { readVersion } from './version.ts';

/**
 * Finds the release that a service goes back to, with the digests of its images.
 *
 * @param options.wanted version as typed; without one it is chosen as {@link chooseVersion} says
 * @param options.finished which versions were released to the end
 * @param options.repositories of the service's images, each once
 * @throws ArcError of {@link chooseVersion}, `release-inconsistent` where labels do not fit, and those of the registry
 */
export async function findRelease(options: {
  client: RegistryClient;
  service: string;
  wanted: string | undefined;
  running: readonly (string | undefined)[];
  finished: FinishedVersions;
  repositories: readonly Repository[];
}): Promise<ReleasedSet> {
  const { client, service, wanted, finished, repositories } = options;
  // A registry may have thousands of tags; they are only listed where there is no other way.
  const named =
    wanted === undefined ? undefined : await readSet({ ...options, version: readVersion(wanted) });
  if (named !== undefined && (await finished([named.version]))?.has(named.version) !== false) return named;
  const tags = await Promise.all(
    repositories.map(async (repo) => [repositoryName(repo), await client.tags(repo)] as const),
  );
  const byImage = new Map(tags);
  const { whole } = releasedVersions({ tags: byImage });
  const released = releasedVersions({ tags: byImage, finished: await finished(whole) });
  const version = chooseVersion({ ...options, released });
  const chosen = await readSet({ ...options, version });
  if (chosen !== undefined) return chosen;
  throw failed({
    code: 'release-incomplete',
    message: `${version} of ${service} disappeared while arc read it.`,
    suggestion: 'run the same command again',
  });
}

/** Nothing if one of the images is not there in this version. */
async function readSet(options: {
  client: RegistryClient;
  service: string;
  version: string;
  repositories: readonly Repository[];
}): Promise<ReleasedSet | undefined> {
  const { client, service, version, repositories } = options;
  const images: ReleasedImage[] = [];
  const found = await Promise.all(
    repositories.map((repo) => readImage({ client, repo, reference: version })),
  );
  for (const [index, repository] of repositories.entries()) {
    const image = found[index];
    if (image === undefined) return undefined;
    images.push({ repository, digest: image.digest, platforms: image.platforms });
  }
  const checked = checkLabels({ service, version, images });
  if ('problem' in checked) throw failed(checked.problem);
  return { version, revision: checked.revision, images };
}
