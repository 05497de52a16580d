import type { RegistryClient } from './client.ts';
import { named } from './manifests.ts';
import type { Repository, StoredManifest } from './model.ts';
import { isImage, parseManifest, platformName, readConfig } from './parse-manifest.ts';
import { registryFailed, UnusableAnswer } from './problems.ts';

/** An image as a registry has it: what its index, its manifests and their configs say. */
export type RegistryImage = {
  /** Digest of the index, or of the manifest if there is no index. */
  digest: string;
  mediaType: string;
  /** Size of the index in bytes, for its descriptor. */
  size: number;
  /** In the order of the index. */
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

/** A config with its labels and its history takes kilobytes. */
const configLimitBytes = 4 * 1024 * 1024;

type Source = { client: RegistryClient; repo: Repository };

/**
 * Reads an image with its labels; attestations in an index do not count as platforms.
 *
 * @param options.reference a tag or a digest. Undefined if the registry has no such image.
 * @throws ArcError as the client does; `registry-failed` also where a part of the image is missing
 */
export async function readImage(options: Source & { reference: string }): Promise<RegistryImage | undefined> {
  const { client, repo, reference } = options;
  const top = await client.manifest(repo, reference);
  return top === undefined ? undefined : await describeImage({ ...options, top });
}

/**
 * The same for an index or manifest that has been read already.
 *
 * @throws ArcError as readImage does
 */
export async function describeImage(
  options: Source & { reference: string; top: StoredManifest },
): Promise<RegistryImage> {
  const { repo, reference, top } = options;
  try {
    return {
      digest: top.digest,
      mediaType: top.mediaType,
      size: top.bytes.length,
      platforms: await platformsOf(options, top),
    };
  } catch (error) {
    if (!(error instanceof UnusableAnswer)) throw error;
    throw registryFailed({
      what: `read ${named(repo, reference)}`,
      reason: error.message,
      words: error.words,
      suggestion: 'push the image again, or name a different one',
      cause: error,
    });
  }
}

async function platformsOf(source: Source, top: StoredManifest): Promise<readonly PlatformImage[]> {
  const parsed = parseManifest(top);
  switch (parsed.kind) {
    case 'image':
      return [await platformOf(source, top)];
    case 'index':
      return await Promise.all(
        parsed.manifests.filter(isImage).map(async ({ digest }) => {
          const manifest = await source.client.manifest(source.repo, digest);
          if (!manifest)
            throw new UnusableAnswer(`the registry has the index without ${digest}, which is in it`);
          return await platformOf(source, manifest);
        }),
      );
    default:
      return parsed satisfies never;
  }
}

async function platformOf({ client, repo }: Source, manifest: StoredManifest): Promise<PlatformImage> {
  const parsed = parseManifest(manifest);
  if (parsed.kind === 'index') throw new UnusableAnswer('the registry gave an index of indexes');
  const config = readConfig(await client.blob(repo, parsed.config.digest, { limitBytes: configLimitBytes }));
  const { platform, labels, created } = config;
  return {
    platform: platformName(platform),
    digest: manifest.digest,
    labels,
    ...(created === undefined ? {} : { created }),
  };
}
