import { succeeded } from '../../host/process-end.ts';
import { isLoopback } from '../../registry/address.ts';
import type { RegistryClient } from '../../registry/client.ts';
import type { Repository } from '../../registry/model.ts';
import { repositoryName } from '../../registry/reference.ts';
import { attachedDocuments, documentTypes, fileNameKey, subjectDescriptor } from './attached.ts';
import type { NotRun } from './not-run.ts';
import { readSbom, steadySbom } from './spdx.ts';
import { findTool, runTool, toolFailed } from './tool.ts';
import { type Environment, readerEnvironment } from './tool-environment.ts';

/** The SBOM of one platform: the digest of the manifest that attaches it, and its text. */
export type SbomResult = { kind: 'kept' | 'made'; digest: string; bytes: Buffer } | NotRun;

/** Syft downloads the whole image first, the largest of which has more than a gigabyte. */
const limitMilliseconds = 15 * 60_000;

/**
 * Makes sure that one platform of an image has an SBOM attached: SPDX in JSON, by syft. An existing SBOM of this
 * platform is kept.
 *
 * @param options.epochSeconds time of the commit, which the document gets for its own
 * @throws ArcError (exit status 1) `sbom-failed`, or what the registry's client throws
 */
export async function ensureSbom(options: {
  client: RegistryClient;
  repo: Repository;
  image: { platform: string; digest: string };
  epochSeconds: number;
  environment: Environment;
  signal: AbortSignal;
}): Promise<SbomResult> {
  const { client, repo, image } = options;
  const type = documentTypes.sbom;
  for (const { digest, bytes } of await attachedDocuments({ client, repo, subject: image.digest, type })) {
    if (readSbom(bytes)?.subjects.includes(image.digest)) return { kind: 'kept', digest, bytes };
  }
  const made = await makeSbom(options);
  if (made.kind === 'not-run') return made;
  const { digest } = await client.attach(repo, {
    subject: await subjectDescriptor({ client, repo, digest: image.digest }),
    artifactType: type,
    layers: [{ mediaType: type, bytes: made.bytes, annotations: { [fileNameKey]: fileName(options) } }],
  });
  return { kind: 'made', digest, bytes: made.bytes };
}

async function makeSbom(options: {
  repo: Repository;
  image: { platform: string; digest: string };
  epochSeconds: number;
  environment: Environment;
  signal: AbortSignal;
}): Promise<{ kind: 'made'; bytes: Buffer } | NotRun> {
  const { repo, image, signal } = options;
  const environment = syftEnvironment({ registry: repo.registry, environment: options.environment });
  const found = findTool('syft', environment);
  if (found.kind === 'not-run') return found;
  const reference = `${repositoryName(repo)}@${image.digest}`;
  const run = await runTool({
    found,
    args: ['scan', `registry:${reference}`, '--platform', image.platform, '--output', 'spdx-json'],
    environment,
    limitMilliseconds,
    signal,
  });
  const bytes = succeeded(run)
    ? steadySbom({ bytes: run.stdout, epochSeconds: options.epochSeconds })
    : undefined;
  if (bytes === undefined || !readSbom(bytes)?.subjects.includes(image.digest)) {
    throw toolFailed({
      code: 'sbom-failed',
      run,
      task: `list what is in ${reference} (${image.platform})`,
      suggestion: `run it yourself for the whole output: syft scan registry:${reference} --platform ${image.platform}`,
    });
  }
  return { kind: 'made', bytes };
}

/** As the assets of a release are called: `arc-cache.linux-amd64.spdx.json`. */
function fileName({ repo, image }: { repo: Repository; image: { platform: string } }): string {
  const name = repo.repository.split('/').at(-1);
  return `${name}.${image.platform.replaceAll('/', '-')}.spdx.json`;
}

/** Syft's settings are variables: no question about its own updates, and plain HTTP on this machine alone. */
function syftEnvironment(options: { registry: string; environment: Environment }): Environment {
  return {
    ...readerEnvironment(options.environment),
    SYFT_CHECK_FOR_APP_UPDATE: 'false',
    SYFT_REGISTRY_INSECURE_USE_HTTP: String(isLoopback(options.registry)),
  };
}
