import { digestOf, isDigest } from './digest.ts';
import type { Answer } from './exchange.ts';
import { mediaTypes, type Repository, type StoredManifest } from './model.ts';
import { UnusableAnswer } from './problems.ts';
import { repositoryName } from './reference.ts';
import type { Caller, Session } from './session.ts';

/** The size that registries accept at least (distribution-spec, "Pushing Manifests"). */
const manifestLimitBytes = 4 * 1024 * 1024;

/** All media types that arc reads; without this header registries convert to old formats, or pick one platform. */
const accept = [mediaTypes.index, mediaTypes.manifest, mediaTypes.dockerList, mediaTypes.dockerManifest].join(
  ', ',
);

export async function getManifest(options: {
  session: Session;
  repo: Repository;
  reference: string;
}): Promise<StoredManifest | undefined> {
  const { session, repo, reference } = options;
  return await session.perform({
    repo,
    permission: 'pull',
    what: `read ${named(repo, reference)}`,
    run: (ask) => fetchManifest(ask, reference),
  });
}

export async function fetchManifest(ask: Caller, reference: string): Promise<StoredManifest | undefined> {
  const answer = await ask({
    method: 'GET',
    to: `manifests/${reference}`,
    headers: { accept },
    limitBytes: manifestLimitBytes,
    followRedirects: true,
    expect: [200, 404],
  });
  if (answer.status === 404) return undefined;
  const digest = digestOf(answer.body);
  if (isDigest(reference) && digest !== reference) {
    throw new UnusableAnswer(`the registry gave other bytes than ${reference}`, [`the bytes are ${digest}`]);
  }
  const { said } = digestSaid(answer);
  if (said !== undefined && said !== digest) {
    throw new UnusableAnswer(`the registry says that ${reference} is ${said} and gave other bytes`, [
      `the bytes are ${digest}`,
    ]);
  }
  return { digest, mediaType: mediaTypeOf(answer), bytes: answer.body };
}

export async function putManifest(options: {
  session: Session;
  repo: Repository;
  reference: string;
  mediaType: string;
  bytes: Buffer;
}): Promise<{ digest: string; subjectIsKept: boolean }> {
  const { session, repo, reference, mediaType, bytes } = options;
  return await session.perform({
    repo,
    permission: 'push',
    what: `push ${named(repo, reference)}`,
    bytes: bytes.length,
    run: (ask) => sendManifest(ask, { reference, mediaType, bytes }),
  });
}

/** `subjectIsKept` says that the registry lists it by its subject from now on (distribution-spec, OCI-Subject). */
export async function sendManifest(
  ask: Caller,
  manifest: { reference: string; mediaType: string; bytes: Buffer },
): Promise<{ digest: string; subjectIsKept: boolean }> {
  const { reference, mediaType, bytes } = manifest;
  const digest = digestOf(bytes);
  const answer = await ask({
    method: 'PUT',
    to: `manifests/${reference}`,
    headers: { 'content-type': mediaType },
    body: bytes,
    limitBytes: manifestLimitBytes,
    expect: [200, 201, 202],
  });
  const { said } = digestSaid(answer);
  if (said !== undefined && said !== digest) {
    throw new UnusableAnswer(`the registry keeps ${digest} as ${said}`);
  }
  return { digest, subjectIsKept: answer.headers['oci-subject'] !== undefined };
}

/** `ghcr.io/arc-framework/arc-cache:v1`, or with a digest. */
export function named(repo: Repository, reference: string): string {
  return `${repositoryName(repo)}${isDigest(reference) ? '@' : ':'}${reference}`;
}

/** Digests of other kinds than arc computes cannot be compared. */
function digestSaid({ headers }: Answer): { said?: string } {
  const said = headers['docker-content-digest'];
  return said?.startsWith('sha256:') ? { said } : {};
}

/** The manifest's own media type comes first, because the digest covers it but not the header. */
function mediaTypeOf({ headers, body }: Answer): string {
  const header = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  let said: unknown;
  try {
    said = (JSON.parse(body.toString('utf8')) as { mediaType?: unknown } | null)?.mediaType;
  } catch {
    throw new UnusableAnswer('the registry did not give a manifest');
  }
  return typeof said === 'string' && said !== '' ? said : header;
}
