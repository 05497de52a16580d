import { failed } from '../../core/errors.ts';
import type { RegistryClient } from '../../registry/client.ts';
import type { Descriptor, Repository } from '../../registry/model.ts';
import { repositoryName } from '../../registry/reference.ts';
import { listAt, parseJson, textAt } from './json.ts';

/** A document that is attached to an image: the manifest's digest, and the text of its one layer. */
export type AttachedDocument = { digest: string; bytes: Buffer };

/** Media types of what arc attaches; the types of an artifact and of its layer are the same. */
export const documentTypes = {
  sbom: 'application/spdx+json',
  provenance: 'application/vnd.in-toto+json',
} as const;

/** The name of a document's file, without which `oras pull` leaves it out. */
export const fileNameKey = 'org.opencontainers.image.title';

/** Larger than any SBOM that was seen: one of a Debian image with a browser has about 20 MB. */
const documentLimitBytes = 128 * 1024 * 1024;

/** All documents of one type that are attached to a manifest, in the registry's order. */
export async function attachedDocuments(options: {
  client: RegistryClient;
  repo: Repository;
  subject: string;
  type: string;
}): Promise<readonly AttachedDocument[]> {
  const { client, repo, subject, type } = options;
  const documents: AttachedDocument[] = [];
  for (const { digest } of await client.referrers(repo, subject, { artifactType: type })) {
    const layer = await onlyLayer({ client, repo, digest, subject });
    // Something else under the same type, or a list that is ahead of what is there, is no document of ours.
    if (layer?.mediaType !== type) continue;
    documents.push({
      digest,
      bytes: await client.blob(repo, layer.digest, { limitBytes: documentLimitBytes }),
    });
  }
  return documents;
}

/** The layer of a manifest that really is about the subject: the list of a registry without the API is only a tag. */
async function onlyLayer(options: {
  client: RegistryClient;
  repo: Repository;
  digest: string;
  subject: string;
}): Promise<Pick<Descriptor, 'mediaType' | 'digest'> | undefined> {
  const stored = await options.client.manifest(options.repo, options.digest);
  if (stored === undefined) return undefined;
  const manifest = parseJson(stored.bytes);
  const [layer, ...others] = listAt(manifest, 'layers');
  if (textAt(manifest, 'subject', 'digest') !== options.subject || others.length > 0) return undefined;
  const mediaType = textAt(layer, 'mediaType');
  const blob = textAt(layer, 'digest');
  return mediaType === undefined || blob === undefined ? undefined : { mediaType, digest: blob };
}

/**
 * The descriptor that an attached document names its subject by.
 *
 * @throws ArcError (exit status 1) `image-not-found`
 */
export async function subjectDescriptor(options: {
  client: RegistryClient;
  repo: Repository;
  digest: string;
}): Promise<Descriptor> {
  const stored = await options.client.manifest(options.repo, options.digest);
  if (stored === undefined) {
    throw failed({
      code: 'image-not-found',
      message: `${repositoryName(options.repo)}@${options.digest} is not in the registry.`,
      suggestion: 'push the image first',
    });
  }
  return { mediaType: stored.mediaType, digest: stored.digest, size: stored.bytes.length };
}
