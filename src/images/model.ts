import type { Problem } from '../core/errors.ts';
import type { BasePolicy } from '../manifest/model.ts';
import { baseNameLabel, baseSourceLabel } from '../stack/base-kind.ts';
import type { ResolvedImage } from '../stack/model.ts';
import type { FixedStep } from './recipes/fixed-step.ts';

/** The request for one wrapper. */
export type ImageRequest = {
  role: string;
  image: Omit<ResolvedImage, 'recipe'>;
  /** How the base is made on this machine, with the files that it is made from; none if it cannot be. */
  recipe?: readonly FixedStep[];
  policy: BasePolicy;
  /** Digest that images.lock.yaml has for the base; without one, whatever its name stands for will do. */
  locked?: string;
  /** Text of the wrapper's Dockerfile, which takes its base from the build argument `BASE_IMAGE`. */
  dockerfile: string;
};

/** The source of a base; `present`: it was on the Engine already, and nothing tells who put it there. */
export type BaseSource = 'registry' | 'local' | 'present';

/** The wrapper is on the Engine and can be run. */
export type ImageReady = {
  role: string;
  reference: string;
  imageId: string;
  base: { reference: string; source: BaseSource; digest?: string };
  /** Identifies the sources: the same for two builds of the same base. */
  madeFrom: string;
  built: boolean;
};

/** arc cannot get the wrapper: one line for every attempt. */
export type ImageMissing = { role: string; reference: string; problem: Problem };

/** Label names on wrappers and bases that arc builds. */
export const imageLabels = {
  /** Reference of the wrapper that is built; on each image that its build leaves, steps and stages too. */
  wrapper: 'arc.image.wrapper',
  /** Hash of what the wrapper is built from, its base apart. */
  inputs: 'arc.image.inputs',
  baseSource: baseSourceLabel,
  baseId: 'arc.base.id',
  baseName: baseNameLabel,
  baseDigest: 'org.opencontainers.image.base.digest',
  /** Hash of a local base's recipe; on the base and on the wrapper. */
  recipe: 'arc.base.recipe',
} as const;
