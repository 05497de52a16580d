import { isRevisionTag, revisionTag } from '../../git/source.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { type RegistryImage, readImage } from '../../registry/image.ts';
import { buildLabelNames, revisionOf, versionOf } from '../../registry/image-labels.ts';
import { repositoryName } from '../../registry/reference.ts';
import { notRun } from '../../release/supply/not-run.ts';
import { verifyImage } from '../../release/supply/verify-image.ts';
import type { VerifyTarget } from '../../release/verify-target.ts';
import type { Cli } from '../cli.ts';
import type { ReleaseSource } from './release-source.ts';
import { notLookedAt, ok, type VerifyFinding, type VerifyReport, wrong } from './report.ts';

type Claims = { commit: string; version: string };
type Target = Extract<VerifyTarget, { kind: 'image' }>;

/**
 * Compares an image with its own labels and with the commit that they name, and its attachments with both, because
 * nothing else here says what the image should be. It is also unknown who should have signed it.
 *
 * @param options.source finds that commit; absent if there is none to be found
 * @param options.reason why there is nothing to compare with, where there is no source
 * @throws what the registry's client throws
 */
export async function verifyLoneImage(options: {
  cli: Pick<Cli, 'environment' | 'signal'>;
  client: RegistryClient;
  target: Target;
  source?: (claims: Claims) => Promise<ReleaseSource | undefined>;
  reason: string;
}): Promise<VerifyReport> {
  const { cli, client, target, reason } = options;
  const { repository: repo, at, name } = target;
  const image = await readImage({ client, repo, reference: at });
  const commit = image && revisionOf(image);
  const version = image && versionOf(image);
  const claims = { commit: commit ?? 'unknown', version: version ?? 'unknown' };
  const source = commit === undefined ? undefined : await options.source?.(claims);
  const described =
    source && 'images' in source
      ? source.images.find(({ repository }) => repositoryName(repository) === repositoryName(repo))
      : undefined;
  const findings: VerifyFinding[] = [
    ...(image === undefined ? [] : claimFindings({ image, at })),
    ...(await verifyImage({
      client,
      repo,
      reference: image?.digest ?? at,
      // An image of a commit may be for one platform alone.
      expected: { labels: {}, ...claims, ...described?.expected, platforms: [] },
      verifier: notRun('only for a release does arc know who should have signed'),
      environment: cli.environment,
      signal: cli.signal,
    })),
  ];
  return {
    subject: name,
    commit: commit ?? null,
    findings:
      image === undefined
        ? []
        : [gitFinding({ ...claims, source, described: described !== undefined, reason })],
    images: [{ role: described?.role ?? null, image: name, digest: image?.digest ?? null, findings }],
  };
}

function gitFinding(options: {
  commit: string;
  source: ReleaseSource | undefined;
  described: boolean;
  reason: string;
}): VerifyFinding {
  const { commit, source, described, reason } = options;
  if (described) return ok('git', `Its label names commit ${commit}, which this clone has.`);
  if (source === undefined) return notLookedAt('git', `Not compared with git: ${reason}.`);
  if ('images' in source) return wrong('git', `Commit ${commit}, which its label names, has no such image.`);
  const { code, message, location } = source.unreadable;
  const where = location === undefined ? '' : `${location.file}:${location.line}: `;
  return notLookedAt(
    'git',
    `Not compared with git: this arc cannot read the manifests of commit ${commit}.`,
    `${where}${message} (${code})`,
  );
}

/** What the labels of an image must say, and what a tag by commit says about it. */
function claimFindings(options: { image: RegistryImage; at: string }): readonly VerifyFinding[] {
  const { image, at } = options;
  const commit = revisionOf(image);
  const absent = [
    ...(commit === undefined ? [buildLabelNames.revision] : []),
    ...(versionOf(image) === undefined ? [buildLabelNames.version] : []),
  ];
  const findings = absent.map((label) =>
    wrong('labels', `Its platforms do not agree on one label ${label}.`),
  );
  if (commit === undefined || !isRevisionTag(at)) return findings;
  return [
    ...findings,
    at === revisionTag(commit)
      ? ok('tags', `${at} is an image of that commit.`)
      : wrong('tags', `${at} is an image of another commit.`, `its label names ${commit}`),
  ];
}
