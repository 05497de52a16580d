import type { ReleaseManifest } from '../../manifest/model-release.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { readImage } from '../../registry/image.ts';
import { buildLabelNames, revisionOf } from '../../registry/image-labels.ts';
import type { Repository } from '../../registry/model.ts';
import { formatReference, repositoryName } from '../../registry/reference.ts';
import { gitTagOf, versionTagsOf } from '../../release/names.ts';
import { type NotRun, notRun } from '../../release/supply/not-run.ts';
import { chooseVerifier, releaseIdentity, type Verifier } from '../../release/supply/signer.ts';
import type { ExpectedImage } from '../../release/supply/verdict.ts';
import { verifyImage } from '../../release/supply/verify-image.ts';
import type { Cli } from '../cli.ts';
import type { ReleaseSource, TaggedImage } from './release-source.ts';
import { type ImageReport, notLookedAt, ok, type VerifyFinding, type VerifyReport, wrong } from './report.ts';

type Release = { service: string; version: string };

/** The parts of the current workspace that are needed if the git tag cannot be read. */
export type Fallback = {
  images: readonly { role: string; repository: Repository }[];
  settings: ReleaseManifest | undefined;
};

/**
 * Holds the images of a release against its git tag.
 *
 * @param options.source of the tag; absent if this clone has no such tag
 * @param options.only one image of it, by repository, and the digest that was named
 * @throws what the registry's client throws
 */
export async function verifyRelease(options: {
  cli: Pick<Cli, 'environment' | 'signal'>;
  client: RegistryClient;
  release: Release;
  source: ReleaseSource | undefined;
  fallback: Fallback;
  only?: { repository: Repository; digest?: string };
}): Promise<VerifyReport> {
  const { release, source, fallback, only } = options;
  const tagged = source !== undefined && 'images' in source ? source : undefined;
  const wanted = (tagged ?? fallback).images.filter(
    ({ repository }) => only === undefined || repositoryName(repository) === repositoryName(only.repository),
  );
  const settings = (tagged ?? fallback).settings;
  const verifier = verifierOf({ ...options, settings });
  const images = await Promise.all(
    wanted.map((image) =>
      verifyOne({
        ...options,
        image,
        verifier,
        commit: source?.commit,
        platforms: settings?.platforms ?? [],
        ...(only?.digest === undefined ? {} : { named: only.digest }),
      }),
    ),
  );
  return {
    subject: `${release.service} ${release.version}`,
    commit: source?.commit ?? null,
    findings: [
      ...sourceFindings({ release, source }),
      ...(wanted.length > 0 ? [] : [wrong('git', `That commit has no such image of ${release.service}.`)]),
    ],
    images,
  };
}

function verifierOf(options: {
  cli: Pick<Cli, 'environment'>;
  release: Release;
  settings: ReleaseManifest | undefined;
}): Verifier | NotRun {
  const { cli, release, settings } = options;
  if (settings === undefined) return notRun('arc.yaml has no release settings, which say who signs');
  const { repository, sign } = settings;
  const identity = releaseIdentity({ repository, ...release });
  return chooseVerifier({ sign, identity, environment: cli.environment });
}

function sourceFindings(options: {
  release: Release;
  source: ReleaseSource | undefined;
}): readonly VerifyFinding[] {
  const { release, source } = options;
  const tag = gitTagOf(release);
  if (source === undefined)
    return [wrong('git', `This clone has no tag ${tag}.`, 'git fetch --tags gets those of the remote')];
  const found = ok('git', `The tag ${tag} is commit ${source.commit}.`);
  if ('images' in source) return [found];
  const { code, message, location } = source.unreadable;
  const where = location === undefined ? '' : `${location.file}:${location.line}: `;
  return [
    found,
    notLookedAt(
      'labels',
      'Labels were compared as to version and commit alone: this arc cannot read the manifests of the tag.',
      `${where}${message} (${code})`,
    ),
  ];
}

async function verifyOne(options: {
  cli: Pick<Cli, 'environment' | 'signal'>;
  client: RegistryClient;
  release: Release;
  image: TaggedImage | Fallback['images'][number];
  commit: string | undefined;
  platforms: readonly string[];
  named?: string;
  verifier: Verifier | NotRun;
}): Promise<ImageReport> {
  const { cli, client, release, image, named, verifier } = options;
  const { role, repository: repo } = image;
  const found = await readImage({ client, repo, reference: release.version });
  // Without a git tag the image's own word is all that the rest can be held against.
  const commit = options.commit ?? (found === undefined ? undefined : revisionOf(found)) ?? 'unknown';
  const expected: ExpectedImage =
    'expected' in image
      ? image.expected
      : {
          platforms: options.platforms,
          version: release.version,
          commit,
          labels: {
            [buildLabelNames.version]: release.version,
            [buildLabelNames.revision]: commit,
          },
        };
  const findings = await verifyImage({
    client,
    repo,
    reference: found?.digest ?? release.version,
    expected: {
      ...expected,
      release: `arc release ${release.service} ${release.version}`,
      ...(named === undefined ? {} : { digest: named }),
    },
    verifier,
    environment: cli.environment,
    signal: cli.signal,
  });
  return {
    role,
    image: formatReference({ ...repo, tag: release.version }),
    digest: found?.digest ?? null,
    findings: [
      ...dockerfileFindings(image),
      ...(found === undefined ? [] : [await tagFinding({ client, repo, release, digest: found.digest })]),
      ...findings,
    ],
  };
}

function dockerfileFindings(image: TaggedImage | Fallback['images'][number]): readonly VerifyFinding[] {
  if (!('missingDockerfile' in image) || image.missingDockerfile === undefined) return [];
  return [wrong('git', `The commit has no ${image.missingDockerfile}, which the image is built from.`)];
}

/**
 * All tags of a release are one image. `sha-<commit>` is none of them: it stands for what was built last from the
 * commit, which is another image once the commit is released in another version, or that is tried and fails.
 */
async function tagFinding(options: {
  client: RegistryClient;
  repo: Repository;
  release: Release;
  digest: string;
}): Promise<VerifyFinding> {
  const { client, repo, release, digest } = options;
  const tags = versionTagsOf(release);
  const stored = await Promise.all(tags.map((tag) => client.manifest(repo, tag)));
  const faults = tags.flatMap((tag, index) => {
    const found = stored[index]?.digest;
    return found === digest ? [] : [`${tag}: ${found ?? 'there is no such tag'}`];
  });
  return faults.length === 0
    ? ok('tags', `${tags.join(' and ')} are this image.`)
    : wrong('tags', `Not all tags of this release are ${digest}.`, ...faults);
}
