import type { ImageReady, ImageRequest } from '../images/model.ts';
import { type OutdatedImage, sortImages } from '../images/outdated.ts';
import type { BasePolicy } from '../manifest/model.ts';
import type { ImageFound } from '../platform/docker/compile.ts';
import type { Snapshot } from '../platform/docker/snapshot.ts';
import type { BaseKind } from '../stack/base-kind.ts';
import type { BootableStack } from '../stack/model.ts';
import type { ChosenStack } from './choice.ts';
import { imageRequests } from './image-requests.ts';
import type { ImageOptions } from './request.ts';
import type { Place } from './session.ts';

export type SeenImages = {
  requests: readonly ImageRequest[];
  current: readonly ImageReady[];
  outdated: readonly OutdatedImage[];
  /** Images of a release, by digest: arc pulls them and builds nothing. */
  toPull: readonly { role: string; reference: string }[];
};

/** Sorts the images of a stack: those that the Engine has, and those that arc has to bring. */
export async function seeImages(options: {
  place: Place;
  request: ImageOptions;
  stack: Pick<BootableStack, 'containers'>;
  snapshot: Snapshot;
  release: ReadonlySet<string>;
}): Promise<SeenImages> {
  const { place, request, stack, snapshot, release } = options;
  const { root, manifests, imagesLock: lock, connection } = place;
  const { workspace } = manifests;
  const isReleased = ({ image }: BootableStack['containers'][number]): boolean =>
    release.has(image.reference);
  const requests = await imageRequests({
    containers: stack.containers.filter((container) => !isReleased(container)),
    ...{ root, workspace, bases: request.bases, lock },
  });
  const { images: engineImages } = connection;
  const { current, outdated } = await sortImages({ engineImages, mirrors: workspace.mirrors, requests });
  const toPull = stack.containers
    .filter(isReleased)
    .map(({ role, image }) => ({ role, reference: image.reference }))
    .filter(({ reference }) => snapshot.images[reference] === undefined);
  const eachOnce = new Map(toPull.map((image) => [image.reference, image]));
  return { requests, current: [...current.values()], outdated, toPull: [...eachOnce.values()] };
}

/** The facts about each image that the plan needs. */
export function imagesFound(options: {
  images: SeenImages;
  substitutes: ChosenStack['substitutes'];
}): ReadonlyMap<string, ImageFound> {
  const { images, substitutes } = options;
  return new Map<string, ImageFound>([
    ...images.current.map(({ reference, madeFrom }) => [reference, { madeFrom }] as const),
    ...images.toPull.map(({ reference }) => [reference, { outdated: 'not on this Engine' }] as const),
    ...images.outdated.map(({ request, cause }) => {
      const instead = substitutes.get(request.image.reference);
      const outdated = instead === undefined ? cause : `${cause}; if arc cannot get it, ${instead}`;
      return [request.image.reference, { outdated }] as const;
    }),
  ]);
}

/**
 * The bases of images that are not on the Engine yet, by role, as far as the policy determines them. A released image
 * is based on the upstream.
 */
export function basesToBring(options: {
  images: SeenImages;
  stack: BootableStack;
}): ReadonlyMap<string, BaseKind | 'either'> {
  const { images, stack } = options;
  const pulled = new Set(images.toPull.map(({ reference }) => reference));
  return new Map<string, BaseKind | 'either'>([
    ...images.outdated.map(({ request }) => [request.role, kindByPolicy[request.policy]] as const),
    ...stack.containers.flatMap(({ role, image }) =>
      pulled.has(image.reference) ? [[role, 'upstream'] as const] : [],
    ),
  ]);
}

const kindByPolicy: Record<BasePolicy, BaseKind | 'either'> = {
  registry: 'upstream',
  local: 'recipe',
  // Whichever can be had.
  auto: 'either',
};
