import type { Platform } from '../../manifest/model.ts';

/** The platforms that arc builds for, and thus locks. */
export const lockedPlatforms: readonly Platform[] = ['linux/amd64', 'linux/arm64'];

/** A platform as indexes and configs name it. */
type NamedPlatform = { os: string; architecture: string; variant?: string | undefined };

/** Digests by the platforms that arc knows, the first of each; other images are left out. */
export function digestsByPlatform(
  images: readonly { digest: string; platform: NamedPlatform }[],
): Readonly<Record<string, string>> {
  const platforms: Record<string, string> = {};
  for (const { digest, platform } of images) {
    const name = platformName(platform);
    if (name !== undefined) platforms[name] ??= digest;
  }
  return platforms;
}

/**
 * The eighth version is what arm64 is. Other variants are for newer processors than the platform's name promises,
 * and so are not meant by it. Attestations are for the platform `unknown/unknown`.
 */
function platformName({ os, architecture, variant }: NamedPlatform): Platform | undefined {
  const usual = variant === undefined || variant === '' || (architecture === 'arm64' && variant === 'v8');
  return usual ? lockedPlatforms.find((name) => name === `${os}/${architecture}`) : undefined;
}

/**
 * The same from the text of an OCI index or a Docker manifest list.
 *
 * @returns nothing of what is no index
 */
export function platformsOfIndex(text: string): Readonly<Record<string, string>> {
  const { manifests } = (parseJson(text) ?? {}) as { manifests?: unknown };
  if (!Array.isArray(manifests)) return {};
  return digestsByPlatform(manifests.filter(isImage));
}

function isImage(entry: unknown): entry is { digest: string; platform: NamedPlatform } {
  const { digest, platform } = (entry ?? {}) as { digest?: unknown; platform?: unknown };
  const { os, architecture } = (platform ?? {}) as { os?: unknown; architecture?: unknown };
  return [digest, os, architecture].every((part) => typeof part === 'string');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
