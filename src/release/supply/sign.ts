import { failed } from '../../core/errors.ts';
import type { Repository } from '../../registry/model.ts';
import { repositoryName } from '../../registry/reference.ts';
import { type CosignContext, checkSignature, publicKeyOf, signManifest } from './cosign.ts';
import type { NotRun } from './not-run.ts';
import type { Signer, Verifier } from './signer.ts';
import { findTool } from './tool.ts';
import type { Environment } from './tool-environment.ts';

/** What happened to each manifest, in the given order. */
export type SignatureResult =
  | { kind: 'signed'; signatures: readonly { digest: string; kind: 'kept' | 'made' }[] }
  | NotRun;

/**
 * Makes sure that manifests are signed: an image's index and its attached documents, each by digest. A valid signature
 * is kept, because cosign adds another one at every call. A new signature is verified immediately, so that a
 * certificate with another name is noticed now.
 *
 * Works one after the other: in a registry without a referrers API, every signature changes the same tag.
 *
 * @param options.signer as `chooseSigner` found it
 * @throws ArcError (exit status 1) `signing-failed` or `signature-invalid`
 */
export async function ensureSignatures(options: {
  repo: Repository;
  digests: readonly string[];
  signer: Signer | NotRun;
  environment: Environment;
  signal: AbortSignal;
}): Promise<SignatureResult> {
  const { signer, digests } = options;
  if (signer.kind === 'not-run') return signer;
  const cosign = findTool('cosign', options.environment);
  if (cosign.kind === 'not-run') return cosign;
  const context: CosignContext = { ...options, cosign };
  const verifier = await verifierOf(context, signer);
  const signatures: { digest: string; kind: 'kept' | 'made' }[] = [];
  for (const digest of digests) {
    const before = await checkSignature({ ...context, verifier, digest });
    if (before.kind !== 'valid') {
      await signManifest({ ...context, signer, digest });
      await mustBeSigned({ ...context, verifier, digest });
    }
    signatures.push({ digest, kind: before.kind === 'valid' ? 'kept' : 'made' });
  }
  return { kind: 'signed', signatures };
}

async function verifierOf(context: CosignContext, signer: Signer): Promise<Verifier> {
  if (signer.kind === 'keyless') return signer;
  return { kind: 'key', key: await publicKeyOf({ ...context, key: signer.key }) };
}

async function mustBeSigned(context: CosignContext & { verifier: Verifier; digest: string }): Promise<void> {
  const { verifier, repo, digest } = context;
  const after = await checkSignature(context);
  if (after.kind === 'valid') return;
  const who = verifier.kind === 'keyless' ? verifier.identity : 'the key that ARC_COSIGN_KEY names';
  throw failed({
    code: 'signature-invalid',
    message: `${repositoryName(repo)}@${digest} was signed, and is not signed by ${who}.`,
    ...(after.kind === 'missing' ? {} : { detail: [after.reason] }),
    ...(verifier.kind === 'keyless'
      ? { suggestion: 'release from the workflow that runs on the tag, and not from a branch' }
      : {}),
  });
}
