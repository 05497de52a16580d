import { buildLabelNames } from '../registry/image-labels.ts';
import { parseReference, repositoryName } from '../registry/reference.ts';

/** A release of a wrapper that is on this Engine. */
export type InstalledRelease = {
  /** `v0.1.0`. */
  version: string;
  /** The commit that it was built from. */
  revision: string;
  /** Digest of the index in the registry. */
  digest: string;
};

/** The name with which a release's container is created: by digest, so that it can be no other image. */
export function releaseReference(options: { wrapper: string; digest: string }): string {
  return `${repositoryName(parseReference(options.wrapper))}@${options.digest}`;
}

/**
 * The image that a container is, or would be, created from: a release after a rollback, else the wrapper of the
 * manifest. Only a rollback creates a container from a digest.
 *
 * @param options.container as it was named when the container was made; absent if there is none
 */
export function imageInUse(options: { wrapper: string; container: string | undefined }): string {
  const { wrapper, container } = options;
  if (container === undefined) return wrapper;
  const digest = /@(sha256:[0-9a-f]{64})$/.exec(container)?.[1];
  if (digest === undefined) return wrapper;
  return releaseReference({ wrapper, digest }) === container ? container : wrapper;
}

/** The release that the labels of an image name. */
export function releaseFromLabels(options: {
  reference: string;
  labels: Readonly<Record<string, string>>;
}): InstalledRelease | undefined {
  const { labels } = options;
  const { digest } = parseReference(options.reference);
  const version = labels[buildLabelNames.version];
  const revision = labels[buildLabelNames.revision];
  if (digest === undefined || version === undefined || revision === undefined) return undefined;
  return { version, revision, digest };
}
