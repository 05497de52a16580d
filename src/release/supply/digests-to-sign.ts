import type { RegistryClient } from '../../registry/client.ts';
import type { RegistryImage } from '../../registry/image.ts';
import type { Repository } from '../../registry/model.ts';
import { type ExpectedClaims, rightDocuments } from './verdict.ts';
import { gatherEvidence } from './verify-image.ts';

/**
 * What is signed of an image: the documents that are about it and say the right thing, one of a kind, and its index.
 * Others may have been attached by anybody who may push, and a signature would vouch for them. The index comes last, so
 * that where it is signed, a signing that was interrupted has come to its end.
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
