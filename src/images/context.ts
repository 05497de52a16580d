import type { EventSink } from '../core/event.ts';
import type { RecipeStep } from '../manifest/model-recipe.ts';
import type { EngineImages } from '../platform/docker/engine-images.ts';

/** What the images room gets from the outside world. */
export type ImagesContext = {
  engineImages: EngineImages;
  emit: EventSink;
  signal: AbortSignal;
  /** Nothing that needs the network is tried. */
  offline: boolean;
  /** Replaces registries: `{ "docker.io": "mirror.example" }`. */
  mirrors: Readonly<Record<string, string>>;
  /** Folder that built bases are kept in; usually `findCacheDirectory()`. */
  cacheDirectory: string;
  /** For Docker's configuration and for the tools that recipes run; usually `process.env`. */
  environment: Readonly<Record<string, string | undefined>>;
  /**
   * Makes this machine ready for bases to be built; asked once, before the first is begun. Without it, a recipe whose
   * tool is missing says how to get it.
   */
  prepare?: (builds: readonly BaseBuild[]) => Promise<void>;
};

/** A base that is going to be built here, and the kinds of its recipe's steps. */
export type BaseBuild = { role: string; kinds: readonly RecipeStep['kind'][] };
