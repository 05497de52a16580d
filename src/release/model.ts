import type { Problem } from '../core/errors.ts';
import type { GitSource } from '../git/source.ts';
import type { GitTag } from '../git/tags.ts';
import type { GithubRelease } from '../github/client.ts';
import type { Platform } from '../manifest/model-release.ts';
import type { RegistryImage } from '../registry/image.ts';
import type { Repository } from '../registry/model.ts';

/** The subject of a release: one service with all of its images, as one version of one commit. */
export type ReleaseRequest = {
  /** Role of the service: `realtime`. */
  service: string;
  /** `v0.1.0` */
  version: string;
  images: readonly ReleaseImage[];
  platforms: readonly Platform[];
  /** Address of the repository on GitHub. */
  repository: string;
  sign: 'none' | 'keyless' | 'key';
  /** Goes as far as it can without anything that users of the images would see. */
  rehearsal: boolean;
  /** An image that nothing has scanned is not released. */
  requireScan: boolean;
};

export type ReleaseImage = {
  role: string;
  /** Name of the container: `arc-realtime-ingress`. */
  name: string;
  repository: Repository;
  /** Path of its Dockerfile from the workspace. */
  dockerfile: string;
  /** The base as the manifest names it, and its digest where images.lock.yaml has one. */
  base: { reference: string; digest?: string };
};

/** Everything that is known before a release, from git, the registry, GitHub and this machine. */
export type ReleaseSnapshot = {
  source: GitSource;
  /** Whether the remote repository has the commit. */
  pushed: boolean;
  /** The clone has only the last commits, so it does not know what a release is made of. */
  shallow: boolean;
  /** Whether git knows who makes a tag. */
  hasIdentity: boolean;
  /** The service's version tags, of this clone and of the remote repository. */
  localTags: readonly GitTag[];
  remoteTags: readonly GitTag[];
  /** By role. */
  images: Readonly<Record<string, ImageState>>;
  /** The release on GitHub. */
  hosted: GithubRelease | undefined;
  /** Tools that steps need, and why one cannot be used. */
  tools: Readonly<Record<ToolName, ToolState>>;
  /** Other obstacles: problems of the files that images are built from, and missing logins. */
  refusals: readonly Problem[];
};

export type ToolName = 'builder' | 'sbom' | 'scanner' | 'signer';

export type ToolState =
  | { there: true; name: string }
  /** `suggestion`: how to get it. */
  | { there: false; reason: string; suggestion?: string };

/** The same, before it is known what is needed: asking for a builder, and opening a key, take a while. */
export type ToolFinder = Readonly<Record<'sbom' | 'scanner', ToolState>> &
  Readonly<Record<'builder' | 'signer', () => Promise<ToolState>>>;

/** One image in the registry. */
export type ImageState = {
  /** By tag: `v0.1.0`, `sha-1a2b3c4d5e6f`, `realtime-v0.1.0`, `latest`; absent if there is no such tag. */
  tags: Readonly<Record<string, RegistryImage>>;
  /** Documents attached to the image that will be kept; empty if there are none. */
  attached: Attached;
};

export type Attached = {
  /** Platforms that have an SBOM. */
  sboms: readonly string[];
  provenance: boolean;
  /** The image, and all of these. */
  signed: boolean;
};
