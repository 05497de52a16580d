import type { RegistryClient } from '../../registry/client.ts';
import type { RegistryImage } from '../../registry/image.ts';
import type { Repository } from '../../registry/model.ts';
import { type ExpectedClaims, rightDocuments } from './verdict.ts';
import { gatherEvidence } from './verify-image.ts';

/**
 * The digests to sign for an image: the documents about it with the right contents, one of each kind, and its index.
 * Anybody who may push can attach other documents, and a signature would vouch for them. The index comes last: if it is
 * signed, the signing was not interrupted.
 *
 * @throws what the registry's client throws
 */
export async function digestsToSign(options: {
  client: RegistryClient;
  repo: Repository;
  image: RegistryImage;
  expected: ExpectedClaims;
}): Promise<readonly string[]> {
  const { image, expected } = options;
  const right = rightDocuments(await gatherEvidence(options), expected);
  const documents = [...image.platforms.map(({ digest }) => right.sboms.get(digest)), right.provenance];
  const digests = documents.flatMap((found) => found?.slice(0, 1) ?? []).map(({ digest }) => digest);
  return [...digests, image.digest];
}
