import type { ImagesContext } from './context.ts';
import type { ImageMissing, ImageReady, ImageRequest } from './model.ts';
import { sortImages } from './outdated.ts';

/** Every request is in one of the two lists, in the order of the requests. */
export type ImagesOutcome = { ready: readonly ImageReady[]; missing: readonly ImageMissing[] };

/** What is wanted of the images room. */
export type Wanted = ImagesContext & {
  requests: readonly ImageRequest[];
  /**
   * Told of images that cannot be had as soon as that is certain, which is before any base is built where it can be.
   * What it returns takes the place of those with the same role; where it throws, everything is stopped.
   */
  onMissing?: (missing: readonly ImageMissing[]) => Promise<readonly ImageRequest[]>;
};

/**
 * Makes sure that every wrapper is on the Engine: those that are there and up to date cost one call to the Engine
 * together; for the others the base is had by policy, and the wrapper built from it. What cannot be had is in
 * `missing`, with every attempt that was made.
 *
 * @throws ArcError where the Engine itself fails, or the abort's reason
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
