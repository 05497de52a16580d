import type { RegistryImage } from './image.ts';

/** Labels about the sources of a build (OCI image-spec, annotations). */
export const buildLabelNames = {
  created: 'org.opencontainers.image.created',
  revision: 'org.opencontainers.image.revision',
  version: 'org.opencontainers.image.version',
} as const;

/** The commit of an image; undefined if its platforms differ. */
export function revisionOf(image: RegistryImage): string | undefined {
  return labelOf(image, buildLabelNames.revision);
}

/** The version that an image says it is: `v0.1.0`, or `sha-1a2b3c4d5e6f` of a build that is no release. */
export function versionOf(image: RegistryImage): string | undefined {
  return labelOf(image, buildLabelNames.version);
}

function labelOf(image: RegistryImage, label: string): string | undefined {
  const [first, ...others] = new Set(image.platforms.map(({ labels }) => labels[label]));
  return others.length === 0 ? first : undefined;
}
