import type { ObservedImages } from '../platform/docker/observed-images.ts';
import { mirrored } from '../registry/reference.ts';
import type { ImagesContext } from './context.ts';
import type { ImageReady, ImageRequest } from './model.ts';
import { withOnePolicyEach } from './one-policy.ts';
import { isCurrent, readyFromLabels } from './wrapper-state.ts';

/** A wrapper that has to be built, and why. */
export type OutdatedImage = { request: ImageRequest; cause: string };

/** Separates wrappers that can run from those that arc must build, with one call to the Engine. */
export async function sortImages(
  options: Pick<ImagesContext, 'engineImages' | 'mirrors'> & { requests: readonly ImageRequest[] },
): Promise<{ current: ReadonlyMap<ImageRequest, ImageReady>; outdated: readonly OutdatedImage[] }> {
  const { engineImages, mirrors } = options;
  const requests = withOnePolicyEach(options.requests);
  const observed = await engineImages.observe(requests.flatMap((request) => referencesOf(request, mirrors)));
  const current = new Map<ImageRequest, ImageReady>();
  const outdated: OutdatedImage[] = [];
  for (const request of requests) {
    const wrapper = observed(request.image.reference);
    const upstream = findUpstream({ observed, request, mirrors });
    if (!wrapper) outdated.push({ request, cause: 'not on this Engine' });
    else if (isCurrent({ request, wrapper, upstream }))
      current.set(request, readyFromLabels(request, wrapper));
    else outdated.push({ request, cause: 'Dockerfile, base or policy changed' });
  }
  return { current, outdated };
}

/** The names under which a wrapper and its upstream may be on the Engine. */
function referencesOf({ image }: ImageRequest, mirrors: Readonly<Record<string, string>>): readonly string[] {
  return [image.reference, image.upstream, mirrored(image.upstream, mirrors)];
}

function findUpstream(options: {
  observed: ObservedImages;
  request: ImageRequest;
  mirrors: Readonly<Record<string, string>>;
}) {
  const { upstream } = options.request.image;
  return options.observed(mirrored(upstream, options.mirrors)) ?? options.observed(upstream);
}
