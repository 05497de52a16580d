import type { RegistryClient } from '../../registry/client.ts';
import { readImage } from '../../registry/image.ts';
import type { Repository } from '../../registry/model.ts';
import { repositoryName } from '../../registry/reference.ts';
import { attachedDocuments, documentTypes } from './attached.ts';
import { checkSignature, type SignatureState } from './cosign.ts';
import type { NotRun } from './not-run.ts';
import type { Verifier } from './signer.ts';
import { readSbom, type SbomFacts } from './spdx.ts';
import { readProvenance } from './statement.ts';
import { findTool } from './tool.ts';
import type { Environment } from './tool-environment.ts';
import {
  type ExpectedImage,
  type Finding,
  type FoundDocument,
  type ImageEvidence,
  judgeImage,
  type RightDocuments,
  rightDocuments,
  type SignatureEvidence,
} from './verdict.ts';

/**
 * Looks at an image in a registry and at everything that is attached to it, and holds it against what it should be.
 * Nothing is changed, and nothing that is wrong is an error here.
 *
 * @param options.reference a tag or a digest
 * @param options.verifier as `chooseVerifier` found it
 * @throws what the registry's client throws
 */
export async function verifyImage(options: {
  client: RegistryClient;
  repo: Repository;
  reference: string;
  expected: ExpectedImage;
  verifier: Verifier | NotRun;
  environment: Environment;
  signal: AbortSignal;
}): Promise<readonly Finding[]> {
  const { client, repo, reference, expected } = options;
  const image = await readImage({ client, repo, reference });
  if (image === undefined) {
    const message = `${repositoryName(repo)} has no ${reference} in the registry.`;
    return [{ kind: 'wrong', about: 'image', message }];
  }
  const evidence = await gatherEvidence({ client, repo, image });
  const right = rightDocuments(evidence, expected);
  const signatures = await gatherSignatures({ ...options, digest: image.digest, right });
  return judgeImage({ evidence, expected, signatures });
}

/**
 * Reads the documents attached to an image. `rightDocuments` decides which are correct, and so may be signed.
 *
 * @throws what the registry's client throws
 */
export async function gatherEvidence(options: {
  client: RegistryClient;
  repo: Repository;
  image: ImageEvidence['image'];
}): Promise<ImageEvidence> {
  const { client, repo, image } = options;
  const sboms = new Map<string, readonly FoundDocument<SbomFacts>[]>();
  for (const { digest: subject } of image.platforms) {
    const documents = await attachedDocuments({ client, repo, subject, type: documentTypes.sbom });
    sboms.set(
      subject,
      documents.map(({ digest, bytes }) => ({ digest, facts: readSbom(bytes) })),
    );
  }
  const statements = await attachedDocuments({
    client,
    repo,
    subject: image.digest,
    type: documentTypes.provenance,
  });
  const provenance = statements.map(({ digest, bytes }) => ({ digest, facts: readProvenance(bytes) }));
  return { image, sboms, provenance };
}

async function gatherSignatures(options: {
  repo: Repository;
  digest: string;
  right: RightDocuments;
  verifier: Verifier | NotRun;
  environment: Environment;
  signal: AbortSignal;
}): Promise<SignatureEvidence> {
  const { verifier, right } = options;
  if (verifier.kind === 'not-run') return verifier;
  const cosign = findTool('cosign', options.environment);
  if (cosign.kind === 'not-run') return cosign;
  const documents = [...[...right.sboms.values()].flat(), ...right.provenance];
  const states = new Map<string, SignatureState>();
  for (const digest of [options.digest, ...documents.map((document) => document.digest)]) {
    states.set(digest, await checkSignature({ ...options, cosign, verifier, digest }));
  }
  return states;
}
