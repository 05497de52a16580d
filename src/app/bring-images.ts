import { failed, type Problem } from '../core/errors.ts';
import type { ImagesOutcome } from '../images/ensure.ts';
import type { ImageMissing, ImageReady } from '../images/model.ts';
import type { ImageSource } from '../platform/docker/drivers/run.ts';
import type { Context } from './context.ts';
import { imagesContext } from './obtain-images.ts';
import type { Preview } from './preview.ts';
import type { ImageOptions } from './request.ts';
import type { Place } from './session.ts';

/** Brings the images of one run. */
export type ImageBringer = ImageSource & {
  /** The images that arc could not get so far. */
  missing: readonly ImageMissing[];
  /** Every image that is there by now. */
  ready: () => readonly ImageReady[];
};

/**
 * Brings the images of a plan to the Engine. The first request starts all of them, because images share bases and the
 * machine is prepared for builds only once. As soon as one image is certain to fail, everything stops before any base
 * is built: arc then makes another plan.
 */
export function bringImages(options: {
  context: Context;
  place: Pick<Place, 'connection' | 'manifests'>;
  request: ImageOptions & { yes?: boolean; partial?: boolean };
  seen: Preview;
}): ImageBringer {
  const { context, place, request, seen } = options;
  const { current, outdated, toPull, requests } = seen.images;
  const missing: ImageMissing[] = [];
  const known = new Map<string, ImageReady>(current.map((image) => [image.reference, image]));
  const readyRoles = new Map<string, ImageReady>(current.map((image) => [image.role, image]));
  /** Ids of what has been pulled by digest. */
  const pulled = new Map<string, string | undefined>();
  const miss = (found: readonly ImageMissing[]): void => {
    for (const one of found) if (!missing.some(({ role }) => role === one.role)) missing.push(one);
  };

  const build = once(async (): Promise<ImagesOutcome> => {
    // Loaded only now: most boots have nothing to build.
    const { provideImages } = await import('../images/provide.ts');
    const outcome = await provideImages({
      ...imagesContext({
        context,
        connection: place.connection,
        workspace: place.manifests.workspace,
        ...{ request, yes: request.yes === true, partial: request.partial === true },
      }),
      requests: outdated.map((one) => one.request),
      refresh: false,
      onMissing: async (found) => {
        miss(found);
        const [first] = found;
        if (first !== undefined) throw failed(first.problem);
        return [];
      },
    });
    miss(outcome.missing);
    for (const image of outcome.ready) {
      known.set(image.reference, image);
      readyRoles.set(image.role, image);
    }
    return outcome;
  });
  const pull = once(async (): Promise<void> => {
    const { pullByDigest } = await import('../images/pull-by-digest.ts');
    const { emit, signal, environment } = context;
    await pullByDigest({ engineImages: place.connection.images, emit, signal, environment, images: toPull });
    const observed = await place.connection.images.observe(toPull.map(({ reference }) => reference));
    for (const { reference } of toPull) pulled.set(reference, observed(reference)?.id);
  });

  return {
    bring: async (reference) => {
      try {
        if (toPull.some((image) => image.reference === reference)) await pull();
        else await build();
      } catch (error) {
        if (context.signal.aborted) return 'interrupted';
        throw error;
      }
      return missing.find((image) => image.reference === reference)?.problem;
    },
    identify: (reference) => {
      const image = known.get(reference);
      return image === undefined
        ? { id: pulled.get(reference) ?? seen.snapshot.images[reference] }
        : { id: image.imageId, madeFrom: image.madeFrom };
    },
    missing,
    ready: () => requests.flatMap(({ role }) => readyRoles.get(role) ?? []),
  };
}

/** For plans that bring no image. */
export const noImages: ImageSource = {
  bring: async (reference): Promise<Problem> => ({
    code: 'internal',
    message: `This command cannot get the image ${reference}.`,
  }),
  identify: () => ({ id: undefined }),
};

function once<Value>(compute: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => {
    value ??= compute();
    return value;
  };
}
