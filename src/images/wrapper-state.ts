import type { ObservedImage } from '../platform/docker/observed-images.ts';
import { baseFromLabels } from './list.ts';
import { type ImageReady, type ImageRequest, imageLabels } from './model.ts';
import { hashOf, recipeHash } from './recipe-hash.ts';

/** Raised when the same inputs would give another wrapper than before. */
const scheme = 1;

/** Hash of a wrapper's sources without its base, which other labels identify. */
export function wrapperInputs({ dockerfile, image }: ImageRequest): string {
  return hashOf({ scheme, dockerfile, upstream: image.upstream, labels: image.labels });
}

/**
 * Whether a wrapper on the Engine equals what arc would build now, from a base that the policy allows. With a locked
 * base, the wrapper must come from that one. Otherwise, if the upstream image is on the Engine, the wrapper must come
 * from it, because a person may have pulled a newer one.
 */
export function isCurrent(options: {
  request: ImageRequest;
  wrapper: ObservedImage;
  upstream: ObservedImage | undefined;
}): boolean {
  const { request, upstream } = options;
  const { labels } = options.wrapper;
  if (labels[imageLabels.inputs] !== wrapperInputs(request)) return false;
  if (labels[imageLabels.baseSource] === 'local') {
    const { recipe } = request;
    return (
      request.policy !== 'registry' &&
      recipe !== undefined &&
      labels[imageLabels.recipe] === recipeHash(recipe)
    );
  }
  if (request.policy === 'local') return false;
  const digest = labels[imageLabels.baseDigest];
  if (request.locked !== undefined && digest !== undefined) return digest === request.locked;
  return !upstream || upstream.id === labels[imageLabels.baseId];
}

/**
 * The sources of a wrapper, by its labels: its Dockerfile, and its base by recipe, digest or id, whichever is known
 * first. Two builds of the same sources are equal although their ids differ.
 *
 * @returns nothing for an image that arc has not built
 */
export function madeFrom(labels: Readonly<Record<string, string>>): string | undefined {
  const { [imageLabels.inputs]: inputs } = labels;
  const base = labels[imageLabels.recipe] ?? labels[imageLabels.baseDigest] ?? labels[imageLabels.baseId];
  return inputs === undefined || base === undefined ? undefined : `${inputs} ${base}`;
}

/** The facts in a wrapper's labels. */
export function readyFromLabels(request: ImageRequest, wrapper: ObservedImage): ImageReady {
  const { reference, upstream } = request.image;
  const known = baseFromLabels(wrapper.labels) ?? { reference: upstream, source: 'present' as const };
  const { recipe: _recipe, ...base } = { recipe: undefined, ...known };
  return {
    role: request.role,
    reference,
    imageId: wrapper.id,
    base,
    madeFrom: madeFrom(wrapper.labels) ?? wrapper.id,
    built: false,
  };
}
