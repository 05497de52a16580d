import type { ImagesContext } from './context.ts';
import type { ImageMissing, ImageReady, ImageRequest } from './model.ts';
import { sortImages } from './outdated.ts';

/** Every request is in one of the two lists, in the order of the requests. */
export type ImagesOutcome = { ready: readonly ImageReady[]; missing: readonly ImageMissing[] };

/** The request to the images room. */
export type Wanted = ImagesContext & {
  requests: readonly ImageRequest[];
  /**
   * Called as soon as images are certain to be unavailable, before any base is built if possible. Its result replaces
   * the images of the same roles; if it throws, everything stops.
   */
  onMissing?: (missing: readonly ImageMissing[]) => Promise<readonly ImageRequest[]>;
};

/**
 * Makes sure that every wrapper is on the Engine. One call to the Engine finds those that are up to date; for the
 * others, arc gets the base by policy and builds the wrapper. Images that arc could not get are in `missing`, with
 * every attempt.
 *
 * @throws ArcError if the Engine itself fails, or the abort's reason
 */
export async function ensureImages(options: Wanted): Promise<ImagesOutcome> {
  const { current, outdated } = await sortImages(options);
  if (outdated.length === 0) return { ready: [...current.values()], missing: [] };
  // Loaded only now: what is above runs on every boot.
  const { provideImages } = await import('./provide.ts');
  const provided = await provideImages({
    ...options,
    requests: outdated.map(({ request }) => request),
    refresh: false,
  });
  const ready = new Map([...current.values(), ...provided.ready].map((image) => [image.role, image]));
  return {
    ready: options.requests.flatMap(({ role }) => ready.get(role) ?? []),
    missing: provided.missing,
  };
}
