import type { RegistryClient } from './client.ts';
import type { Repository } from './model.ts';

/** An image as a registry has it: what its index, its manifests and their configs say. */
export type RegistryImage = {
  /** Of the index, or of the one manifest where there is no index. */
  digest: string;
  mediaType: string;
  /** Of the index in bytes, as a descriptor of it needs. */
  size: number;
  platforms: readonly PlatformImage[];
};

export type PlatformImage = {
  /** `linux/amd64` */
  platform: string;
  digest: string;
  labels: Readonly<Record<string, string>>;
  /** As the config has it: RFC 3339. */
  created?: string;
};

/**
 * Reads an image with its labels; attestations in an index are no platforms.
 *
 * @param options.reference a tag or a digest. Undefined where the registry has no such image.
 */
export function readImage(_options: {
  client: RegistryClient;
  repo: Repository;
  reference: string;
}): Promise<RegistryImage | undefined> {
  throw new Error('The client of registries is not part of arc yet.');
}
