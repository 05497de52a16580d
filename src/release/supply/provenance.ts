import type { RegistryClient } from '../../registry/client.ts';
import type { Repository } from '../../registry/model.ts';
import { repositoryName } from '../../registry/reference.ts';
import { attachedDocuments, documentTypes, fileNameKey, subjectDescriptor } from './attached.ts';
import { builderOf } from './builder.ts';
import {
  type ProvenanceFacts,
  provenanceFaults,
  provenanceType,
  readProvenance,
  writeProvenance,
} from './statement.ts';
import type { Environment } from './tool-environment.ts';

/** Tells statements apart without a download; BuildKit sets it on its layers. */
const kind = { 'in-toto.io/predicate-type': provenanceType } as const;

/** The digest of the manifest that attaches the provenance, and its text. */
export type ProvenanceResult = { kind: 'kept' | 'made'; digest: string; bytes: Buffer };

/**
 * Makes sure that an image's index has provenance attached. Existing provenance with the same claims is kept whatever
 * its builder, because a kept image was built by that builder.
 *
 * @throws what the registry's client throws
 */
export async function ensureProvenance(options: {
  client: RegistryClient;
  repo: Repository;
  facts: Omit<ProvenanceFacts, 'name'>;
  environment: Environment;
}): Promise<ProvenanceResult> {
  const { client, repo } = options;
  const facts = { ...options.facts, name: repositoryName(repo) };
  const expected = {
    ...facts,
    commit: facts.source.commit,
    ...(facts.base.digest === undefined ? {} : { baseDigest: facts.base.digest }),
  };
  const type = documentTypes.provenance;
  for (const { digest, bytes } of await attachedDocuments({ client, repo, subject: facts.digest, type })) {
    const claims = readProvenance(bytes);
    if (claims !== undefined && provenanceFaults(claims, expected).length === 0)
      return { kind: 'kept', digest, bytes };
  }
  const bytes = writeProvenance(facts, builderOf(options.environment));
  const { digest } = await client.attach(repo, {
    subject: await subjectDescriptor({ client, repo, digest: facts.digest }),
    artifactType: type,
    layers: [
      { mediaType: type, bytes, annotations: { ...kind, [fileNameKey]: `${facts.container}.intoto.json` } },
    ],
    annotations: kind,
  });
  return { kind: 'made', digest, bytes };
}
