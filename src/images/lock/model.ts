/** A base image pinned by digest: what its name stood for in the registry when it was asked. */
export type LockedBase = {
  /** As the manifest has it: `docker.io/library/redis:7.4-bookworm`. */
  reference: string;
  /** The registry that the reference names, whichever mirror of it was asked. */
  registry: string;
  /** Digest of the index, which stands for every platform, or of the image if there is no index. */
  digest: string;
  /** Digest of the image by platform: `linux/amd64`. Only the platforms that arc builds for. */
  platforms: Readonly<Record<string, string>>;
  /** Day on which the registry gave this digest for the first time, in UTC: `2026-11-21`. */
  locked: string;
};

/** The contents of images.lock.yaml; without the file, nothing is locked. */
export type ImagesLock = { bases: ReadonlyMap<string, LockedBase> };

/** Name of the lock file, in the root of the workspace. */
export const lockFile = 'images.lock.yaml';

export const emptyLock: ImagesLock = { bases: new Map() };

/** The entry of a base; none if the base is not locked under the name that the manifest gives it. */
export function lockedBase(options: { lock: ImagesLock; upstream: string }): LockedBase | undefined {
  return options.lock.bases.get(options.upstream);
}
