import { failed } from '../core/errors.ts';
import type { RegistryClient } from './client.ts';
import type { Repository } from './model.ts';
import { formatReference } from './reference.ts';

/**
 * Gives an image that the registry has another name: the same bytes, so the same digest. Nothing is built again.
 *
 * @throws ArcError (exit status 1) `image-not-found`, and what the registry's client throws
 */
export async function promote(options: {
  client: RegistryClient;
  repo: Repository;
  digest: string;
  tag: string;
}): Promise<void> {
  const { client, repo, digest, tag } = options;
  const stored = await client.manifest(repo, digest);
  if (stored === undefined) {
    throw failed({
      code: 'image-not-found',
      message: `${formatReference({ ...repo, digest })} is not in the registry any more.`,
      suggestion: 'run the same command again',
    });
  }
  const { mediaType, bytes } = stored;
  await client.putManifest(repo, { reference: tag, mediaType, bytes });
}
