import type { EventSink } from '../../core/event.ts';
import type { RecipeStep } from '../../manifest/model-recipe.ts';
import type { Repository } from '../../registry/model.ts';

/** One image to build, for one or several platforms. */
export type BuildTarget = {
  role: string;
  /** Name of the container: `arc-realtime`. */
  name: string;
  /** Its registry and repository: `ghcr.io` and `arc-framework/arc-realtime`. */
  repository: Repository;
  /** The service's folder, relative to the workspace. */
  folder: string;
  /** File name of its Dockerfile, in that folder. */
  dockerfile: string;
  base: BuildBase;
  /** What is laid onto the base before, where the Dockerfile names a base that no registry has. */
  program?: BuildProgram;
  /** Labels of this build, beside those that stand in the Dockerfile; see build-labels.ts. */
  labels: Readonly<Record<string, string>>;
};

/** What the workspace adds to a base from a registry. */
export type BuildProgram = {
  /** The base that the Dockerfile names: `localhost/arc-sql-backup:0.1.0`. */
  named: string;
  /** The steps of the recipe whose files the base of a registry does not have. */
  recipe: readonly RecipeStep[];
};

/** The base of an image. */
export type BuildBase = {
  /** As the manifest has it: `docker.io/library/redis:7.4`. */
  reference: string;
  /** The reference to pull: by digest, from a mirror if there is one. */
  pinned: string;
  digest: string;
};

/** An image that was built for all of the platforms that were asked for. */
export type BuiltImage = {
  role: string;
  /** Digest of the index over all platforms. */
  digest: string;
};

/** What building needs from the outside world. */
export type BuilderContext = {
  /** The workspace. */
  root: string;
  environment: Readonly<Record<string, string | undefined>>;
  emit: EventSink;
  signal: AbortSignal;
};
