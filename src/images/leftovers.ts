import type { EngineImages } from '../platform/docker/engine-images.ts';
import { imageLabels } from './model.ts';

/** An image without a name that builds of arc have left on the Engine: a step, a stage, or a wrapper that was replaced. */
export type Leftover = {
  id: string;
  /** The image that it was made from; absent if it begins with nothing. */
  parent?: string;
  /** Reference of the wrapper that was being built. */
  wrapper: string;
  /** The build was finished: it is a wrapper whose name another one has now. */
  finished: boolean;
};

type Listed = { id: string; parent: string; named: boolean; labels: Readonly<Record<string, string>> };

/**
 * Finds unneeded leftovers of builds: no image with a name is built on them, and no container uses them.
 *
 * @param options.wrappers references; those of all wrappers without it
 * @param options.freed ids of containers that count as gone
 * @returns each before the image that it was made from
 */
export async function findLeftovers(options: {
  engineImages: Pick<EngineImages, 'lineage' | 'lastStep'>;
  wrappers?: ReadonlySet<string>;
  freed?: ReadonlySet<string>;
}): Promise<readonly Leftover[]> {
  const { engineImages, wrappers, freed } = options;
  const { images: all, containers } = await engineImages.lineage();
  const images = all.map(asListed);
  const found = new Map<string, Leftover>();
  for (const { id, parent, named, labels } of images) {
    const wrapper = labels[imageLabels.wrapper];
    if (named || wrapper === undefined || (wrappers && !wrappers.has(wrapper))) continue;
    const finished = labels[imageLabels.inputs] !== undefined;
    if (finished && !(await endsWithBuild(engineImages, id))) continue;
    found.set(id, { id, wrapper, finished, ...(parent && { parent }) });
  }
  const used = containers.filter(({ id }) => !freed?.has(id)).map(({ image }) => image);
  return childrenFirst(withoutNeeded({ images, found, used }));
}

/**
 * Removes images, but not the images below them: an Engine with containerd's store would remove those even if another
 * image needs them, and lose track of the rest.
 *
 * @throws ArcError. What is gone, or in use since it was looked for, is none
 */
export async function removeLeftovers(options: {
  engineImages: Pick<EngineImages, 'removeUnused'>;
  leftovers: readonly Leftover[];
}): Promise<void> {
  for (const { id } of options.leftovers) await options.engineImages.removeUnused(id);
}

/**
 * What a finished build may remove: its own intermediate images, and replaced wrappers with the steps that led to them.
 * Steps of another build stay, because that may still run.
 *
 * @param options.made ids, or their beginnings, that the build has named
 */
export function leftByBuild(options: {
  leftovers: readonly Leftover[];
  made: readonly string[];
}): readonly Leftover[] {
  const replaced = new Set<string>();
  return options.leftovers.filter(({ id, parent, finished }) => {
    const goes = finished || replaced.has(id) || options.made.some((start) => id.startsWith(start));
    if (goes && parent !== undefined) replaced.add(parent);
    return goes;
  });
}

function asListed(image: Awaited<ReturnType<EngineImages['lineage']>>['images'][number]): Listed {
  const { id, parent, names, pinned, labels } = image;
  // An image that is only named by digest is a release that a rollback pulled.
  const named = [...names, ...pinned].some((name) => !name.startsWith('<none>'));
  return { id, parent, named, labels };
}

/**
 * Whether arc built it: an image that a person built from a wrapper has the wrapper's labels too, but other last steps.
 */
async function endsWithBuild(engineImages: Pick<EngineImages, 'lastStep'>, id: string): Promise<boolean> {
  return (await engineImages.lastStep(id))?.includes(` LABEL ${imageLabels.inputs}=`) === true;
}

function withoutNeeded(options: {
  images: readonly Listed[];
  found: ReadonlyMap<string, Leftover>;
  used: readonly string[];
}): readonly Leftover[] {
  const { images, found, used } = options;
  const parents = new Map(images.map(({ id, parent }) => [id, parent]));
  const needed = new Set<string>();
  for (const start of [...used, ...images.map(({ id }) => id).filter((id) => !found.has(id))]) {
    for (let id: string | undefined = start; id && !needed.has(id); id = parents.get(id)) needed.add(id);
  }
  return [...found.values()].filter(({ id }) => !needed.has(id));
}

function childrenFirst(leftovers: readonly Leftover[]): readonly Leftover[] {
  const byId = new Map(leftovers.map((leftover) => [leftover.id, leftover]));
  const depth = ({ parent }: Leftover): number => {
    const above = parent === undefined ? undefined : byId.get(parent);
    return above === undefined ? 0 : depth(above) + 1;
  };
  return leftovers.toSorted((a, b) => depth(b) - depth(a));
}
