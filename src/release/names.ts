import { formatReference } from '../registry/reference.ts';
import type { ReleaseImage } from './model.ts';

/** The git tag of a release: `realtime/v0.1.0`. */
export function gitTagOf(options: { service: string; version: string }): string {
  return `${options.service}/${options.version}`;
}

/** The part of a service's git tags before the version. */
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
