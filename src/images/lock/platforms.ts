import type { Platform } from '../../manifest/model-release.ts';
import type { Descriptor } from '../../registry/model.ts';
import { isImage, parseManifest, platformName } from '../../registry/parse-manifest.ts';

/** The platforms that arc builds for, and thus locks. */
export const lockedPlatforms: readonly Platform[] = ['linux/amd64', 'linux/arm64'];

/**
 * Digests by the platforms that arc knows, the first of each. Others are left out, and so are images for newer
 * processors of the same kind (`linux/amd64/v3`): the platform's name does not promise those.
 */
export function digestsByPlatform(
  images: readonly { platform: string; digest: string }[],
): Readonly<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const { platform, digest } of images) {
    if (lockedPlatforms.some((known) => known === platform)) digests[platform] ??= digest;
  }
  return digests;
}

/**
 * The images that an index names, as it names them: a request for each of them is not needed, and registries count
 * requests.
 *
 * @returns nothing of a manifest that is no index
 * @throws UnusableAnswer
 */
export function imagesOfIndex(manifest: {
  mediaType: string;
  bytes: Buffer;
}): readonly { platform: string; digest: string }[] | undefined {
  const parsed = parseManifest(manifest);
  return parsed.kind === 'index' ? parsed.manifests.filter(isImage).flatMap(named) : undefined;
}

function named({ platform, digest }: Descriptor) {
  return platform === undefined ? [] : [{ platform: platformName(platform), digest }];
}
