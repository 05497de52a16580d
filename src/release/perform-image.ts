import { failed } from '../core/errors.ts';
import { revisionOf, versionOf } from '../registry/image-labels.ts';
import { promote } from '../registry/promote.ts';
import type { ReleaseImage } from './model.ts';
import { imageAt } from './names.ts';
import type { Performed, StepOptions } from './step.ts';
import { digestsToSign } from './supply/digests-to-sign.ts';
import { ensureProvenance } from './supply/provenance.ts';
import { ensureSbom } from './supply/sbom.ts';
import { scanImage, vulnerableImage } from './supply/scan.ts';
import { ensureSignatures } from './supply/sign.ts';
import { chooseSigner, releaseIdentity } from './supply/signer.ts';
import { imageOf, type ReleaseProgress } from './work.ts';

// The steps that are about one image in its registry.

function onePlatform(options: {
  progress: ReleaseProgress;
  action: { image: ReleaseImage; platform: string };
}): { platform: string; digest: string } {
  const { progress, action } = options;
  const found = imageOf(progress, action.image).platforms.find(
    ({ platform }) => platform === action.platform,
  );
  if (found === undefined) throw new Error(`${action.image.name} was not built for ${action.platform}`);
  return found;
}

export async function scan(options: StepOptions<'scan'>): Promise<Performed> {
  const { work, action } = options;
  const image = onePlatform(options);
  const result = await scanImage({
    repo: action.image.repository,
    image,
    root: work.git.root,
    environment: work.environment,
    signal: work.signal,
  });
  switch (result.kind) {
    case 'not-run':
      if (!work.plan.request.requireScan) return result;
      throw failed({
        code: 'no-scanner',
        message: `${imageAt(action.image, image)} could not be scanned, and --require-scan was given.`,
        detail: [result.reason],
      });
    case 'clean':
      return { kind: 'done' };
    case 'critical':
      throw vulnerableImage({
        reference: imageAt(action.image, { digest: image.digest }),
        platform: image.platform,
        scanner: result.scanner,
        vulnerabilities: result.vulnerabilities,
      });
    default:
      return result satisfies never;
  }
}

export async function describe(options: StepOptions<'sbom'>): Promise<Performed> {
  const { work, action } = options;
  const result = await ensureSbom({
    client: work.registry,
    repo: action.image.repository,
    image: onePlatform(options),
    epochSeconds: work.snapshot.source.epochSeconds,
    environment: work.environment,
    signal: work.signal,
  });
  return result.kind === 'not-run' ? result : { kind: 'done' };
}

export async function prove({ work, progress, action }: StepOptions<'provenance'>): Promise<Performed> {
  const { plan, snapshot } = work;
  const image = imageOf(progress, action.image);
  await ensureProvenance({
    client: work.registry,
    repo: action.image.repository,
    facts: {
      digest: image.digest,
      platforms: image.platforms,
      service: plan.request.service,
      container: action.image.name,
      version: plan.request.version,
      dockerfile: action.image.dockerfile,
      source: {
        repository: plan.request.repository,
        commit: plan.commit,
        epochSeconds: snapshot.source.epochSeconds,
      },
      base: action.image.base,
    },
    environment: work.environment,
  });
  return { kind: 'done' };
}

/** Signs an image, and what is attached to it and right. */
export async function sign({ work, progress, action }: StepOptions<'sign'>): Promise<Performed> {
  const { request } = work.plan;
  const image = imageOf(progress, action.image);
  const repo = action.image.repository;
  const { digest: baseDigest } = action.image.base;
  const digests = await digestsToSign({
    client: work.registry,
    repo,
    image,
    expected: {
      version: request.version,
      commit: work.plan.commit,
      ...(baseDigest === undefined ? {} : { baseDigest }),
    },
  });
  const result = await ensureSignatures({
    repo,
    digests,
    signer: chooseSigner({
      sign: request.sign,
      identity: releaseIdentity(request),
      environment: work.environment,
    }),
    environment: work.environment,
    signal: work.signal,
  });
  return result.kind === 'not-run'
    ? result
    : { kind: 'done', outcome: { signatures: result.signatures.length } };
}

export async function tagImage({ work, progress, action }: StepOptions<'tag'>): Promise<Performed> {
  const { digest } = imageOf(progress, action.image);
  await promote({ client: work.registry, repo: action.image.repository, digest, tag: action.tag });
  return { kind: 'done', outcome: { digest } };
}

export async function verify({ work, progress, action }: StepOptions<'verify'>): Promise<Performed> {
  const built = imageOf(progress, action.image);
  const repo = action.image.repository;
  await Promise.all(
    action.tags.map(async (tag) => {
      const stored = await work.registry.manifest(repo, tag);
      if (stored?.digest === built.digest) return;
      throw failed({
        code: 'image-differs',
        message: `${imageAt(action.image, { tag })} is ${stored?.digest ?? 'not there'}, and ${built.digest} was built.`,
        suggestion:
          'something else writes to this repository: find out what, then run the same command again',
      });
    }),
  );
  if (revisionOf(built) !== work.plan.commit || versionOf(built) !== work.plan.request.version) {
    throw failed({
      code: 'image-differs',
      message: `The labels of ${imageAt(action.image, { digest: built.digest })} name ${revisionOf(built) ?? 'no commit'} and ${versionOf(built) ?? 'no version'}.`,
    });
  }
  return { kind: 'done', outcome: { digest: built.digest } };
}
