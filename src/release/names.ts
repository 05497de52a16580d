import type { RegistryImage } from '../registry/image.ts';
import { formatReference } from '../registry/reference.ts';
import type { ReleaseImage } from './model.ts';

/** Labels of images that say what they were made from (OCI image-spec, annotations). */
const revisionLabel = 'org.opencontainers.image.revision';
const versionLabel = 'org.opencontainers.image.version';

/** The git tag of a release: `realtime/v0.1.0`. */
export function gitTagOf(options: { service: string; version: string }): string {
  return `${options.service}/${options.version}`;
}

/** What comes before the version in a service's git tags. */
export function gitTagPrefix(service: string): string {
  return `${service}/`;
}

/** The tags of a released image: by its version, and by service and version. */
export function versionTagsOf(options: { service: string; version: string }): readonly string[] {
  return [options.version, `${options.service}-${options.version}`];
}

/** `ghcr.io/arc-framework/arc-realtime:v0.1.0`, for people and for tools. */
export function imageAt(
  image: Pick<ReleaseImage, 'repository'>,
  at: { tag?: string; digest?: string },
): string {
  return formatReference({ ...image.repository, ...at });
}

/** What all platforms of an image say of a label; nothing where they do not say the same. */
function labelOf(image: RegistryImage, label: string): string | undefined {
  const [first, ...others] = new Set(image.platforms.map(({ labels }) => labels[label]));
  return others.length === 0 ? first : undefined;
}

/** The commit that an image was built from. */
export function revisionOf(image: RegistryImage): string | undefined {
  return labelOf(image, revisionLabel);
}

export function versionOf(image: RegistryImage): string | undefined {
  return labelOf(image, versionLabel);
}
