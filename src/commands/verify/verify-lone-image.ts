import type { RegistryClient } from '../../registry/client.ts';
import { readImage } from '../../registry/image.ts';
import { buildLabelNames, revisionOf, versionOf } from '../../registry/image-labels.ts';
import { notRun } from '../../release/supply/not-run.ts';
import { verifyImage } from '../../release/supply/verify-image.ts';
import type { VerifyTarget } from '../../release/verify-target.ts';
import type { Cli } from '../cli.ts';
import { notLookedAt, type VerifyFinding, type VerifyReport, wrong } from './report.ts';

/**
 * Holds an image against what it says of itself, and what is attached to it against both: nobody else here knows what
 * it should be. Who should have signed it is not known either.
 *
 * @throws what the registry's client throws
 */
export async function verifyLoneImage(options: {
  cli: Pick<Cli, 'environment' | 'signal'>;
  client: RegistryClient;
  target: Extract<VerifyTarget, { kind: 'image' }>;
  /** Why there is no git tag to compare with. */
  reason: string;
}): Promise<VerifyReport> {
  const { cli, client, target, reason } = options;
  const { repository: repo, at, name } = target;
  const image = await readImage({ client, repo, reference: at });
  const commit = image && revisionOf(image);
  const version = image && versionOf(image);
  const claims = [
    ...(image !== undefined && commit === undefined ? [buildLabelNames.revision] : []),
    ...(image !== undefined && version === undefined ? [buildLabelNames.version] : []),
  ];
  const findings: VerifyFinding[] = [
    ...claims.map((label) => wrong('labels', `Its platforms do not agree on one label ${label}.`)),
    ...(await verifyImage({
      client,
      repo,
      reference: image?.digest ?? at,
      expected: { platforms: [], labels: {}, version: version ?? 'unknown', commit: commit ?? 'unknown' },
      verifier: notRun('who should have signed it is known where it is released from'),
      environment: cli.environment,
      signal: cli.signal,
    })),
  ];
  return {
    subject: name,
    commit: commit ?? null,
    findings: [notLookedAt('git', `Not compared with a git tag: ${reason}.`)],
    images: [{ role: null, image: name, digest: image?.digest ?? null, findings }],
  };
}
