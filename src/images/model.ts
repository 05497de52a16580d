import type { Problem } from '../errors.ts';
import type { BasePolicy } from '../manifest/model.ts';
import type { ResolvedImage } from '../stack/model.ts';

/** What is wanted of the images room for one wrapper. */
export type ImageRequest = { role: string; image: ResolvedImage; policy: BasePolicy };

/** Where a base came from. */
export type BaseSource = 'registry' | 'local' | 'present';

/** The wrapper is on the Engine and can be run. */
export type ImageReady = {
  role: string;
  reference: string;
  imageId: string;
  base: { reference: string; source: BaseSource; digest?: string };
  built: boolean;
};

/** The wrapper cannot be had: one line for every attempt that was made. */
export type ImageMissing = { role: string; reference: string; problem: Problem };

/** Label names on wrappers and bases that arc builds. */
export const imageLabels = {
  /** Hash of what the wrapper was built from: Dockerfile and base image id. */
  inputs: 'arc.image.inputs',
  baseSource: 'arc.base.source',
  baseName: 'org.opencontainers.image.base.name',
  baseDigest: 'org.opencontainers.image.base.digest',
  recipe: 'arc.base.recipe',
} as const;
