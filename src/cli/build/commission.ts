import type { ImageOptions } from '../../app/request.ts';
import type { GitSource } from '../../git/source.ts';
import type { WantedImage } from '../../images/builder/targets.ts';
import type { ImagesLock } from '../../images/lock/model.ts';
import type { BaseSource } from '../../images/model.ts';
import type { Workspace } from '../../workspace/load.ts';
import type { Cli } from '../cli.ts';

export type BuildOptions = ImageOptions & {
  names: readonly string[];
  platform: readonly string[];
  yes?: boolean;
};

/** Which images to build, and from what. */
export type Commission = {
  options: BuildOptions;
  cli: Cli;
  workspace: Workspace;
  images: readonly WantedImage[];
  lock: ImagesLock;
  source: GitSource | undefined;
};

/** An image that was built. */
export type Built = {
  role: string;
  /** As the manifest names it. */
  image: string;
  platforms: readonly string[];
  /** Digest of the index over all platforms, or the image's own digest on the Engine. */
  digest: string;
  base: { reference: string; source: BaseSource; digest?: string };
};
