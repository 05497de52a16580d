import type { ImagesContext } from './context.ts';
import type { ImageMissing, ImageReady, ImageRequest } from './model.ts';
import { type ObservedImages, observeImages } from './observe-images.ts';
import { withOnePolicyEach } from './one-policy.ts';
import { mirrored } from './reference.ts';
import { isCurrent, readyFromLabels } from './wrapper-state.ts';

/** Every request is in one of the two lists, in the order of the requests. */
export type ImagesOutcome = { ready: readonly ImageReady[]; missing: readonly ImageMissing[] };

/**
 * Makes sure that every wrapper is on the Engine: those that are there and up to date cost one call to the Engine
 * together; for the others the base is had by policy, and the wrapper built from it. What cannot be had is in
 * `missing`, with every attempt that was made.
 *
 * @throws ArcError where the Engine itself fails, or the abort's reason
 */
export async function ensureImages(
  options: ImagesContext & { requests: readonly ImageRequest[] },
): Promise<ImagesOutcome> {
  const { docker, mirrors } = options;
  const requests = withOnePolicyEach(options.requests);
  const observed = await observeImages(
    docker,
    requests.flatMap((request) => referencesOf(request, mirrors)),
  );
  const current = new Map<ImageRequest, ImageReady>();
  for (const request of requests) {
    const wrapper = observed(request.image.reference);
    const upstream = findUpstream({ observed, request, mirrors });
    if (wrapper && isCurrent({ request, wrapper, upstream })) {
      current.set(request, readyFromLabels(request, wrapper));
    }
  }
  const rest = requests.filter((request) => !current.has(request));
  if (rest.length === 0) return { ready: [...current.values()], missing: [] };
  // Loaded only now: what is above runs on every boot.
  const { provideImages } = await import('./provide.ts');
  const provided = await provideImages({ ...options, requests: rest, refresh: false });
  const ready = new Map(provided.ready.map((image) => [image.role, image]));
  return {
    ready: requests.flatMap((request) => current.get(request) ?? ready.get(request.role) ?? []),
    missing: provided.missing,
  };
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
