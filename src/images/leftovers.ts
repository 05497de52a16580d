import type Docker from 'dockerode';
import { isMissing } from './engine-stream.ts';
import { imageLabels } from './model.ts';

/** An image without a name that builds of arc have left on the Engine: a step, a stage, or a wrapper that was replaced. */
export type Leftover = {
  id: string;
  /** The image that it was made from; absent where it begins with nothing. */
  parent?: string;
  /** Reference of the wrapper that was being built. */
  wrapper: string;
  /** The build was finished: it is a wrapper whose name another one has now. */
  finished: boolean;
};

type Listed = { id: string; parent: string; named: boolean; labels: Readonly<Record<string, string>> };

/**
 * Looks for what builds have left and nothing needs: no image with a name was made from it, and no container uses it.
 *
 * @param options.wrappers references; those of all wrappers without it
 * @param options.freed ids of containers that count as gone
 * @returns each before the image that it was made from
 */
export async function findLeftovers(options: {
  docker: Docker;
  wrappers?: ReadonlySet<string>;
  freed?: ReadonlySet<string>;
}): Promise<readonly Leftover[]> {
  const { docker, wrappers, freed } = options;
  const [images, containers] = await Promise.all([listAll(docker), docker.listContainers({ all: true })]);
  const found = new Map<string, Leftover>();
  for (const { id, parent, named, labels } of images) {
    const wrapper = labels[imageLabels.wrapper];
    if (named || wrapper === undefined || (wrappers && !wrappers.has(wrapper))) continue;
    const finished = labels[imageLabels.inputs] !== undefined;
    if (finished && !(await endsWithBuild(docker, id))) continue;
    found.set(id, { id, wrapper, finished, ...(parent && { parent }) });
  }
  const used = containers.filter(({ Id }) => !freed?.has(Id)).map(({ ImageID }) => ImageID);
  return childrenFirst(withoutNeeded({ images, found, used }));
}

/**
 * Removes images, each without what it was made from: an Engine with containerd's store would remove that even where
 * another image was made from it as well, and lose track of the rest.
 *
 * @throws Error in the Engine's words. What is gone, or in use since it was looked for, is none
 */
export async function removeLeftovers(options: {
  docker: Docker;
  leftovers: readonly Leftover[];
}): Promise<void> {
  for (const { id } of options.leftovers) {
    try {
      await options.docker.getImage(id).remove({ noprune: true });
    } catch (cause) {
      if (!isMissing(cause) && (cause as { statusCode?: number }).statusCode !== 409) throw cause;
    }
  }
}

/**
 * What a build may remove when it has ended: what it made itself, and wrappers that were replaced with the steps that
 * led to them. Steps of another build stay, because it may be running.
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

async function listAll(docker: Docker): Promise<readonly Listed[]> {
  const images = await docker.listImages({ all: true });
  return images.map(({ Id, ParentId, RepoTags, RepoDigests, Labels }) => ({
    id: Id,
    parent: ParentId,
    // What is named by digest alone is a release that a rollback has pulled.
    named: [...(RepoTags ?? []), ...(RepoDigests ?? [])].some((name) => !name.startsWith('<none>')),
    labels: Labels ?? {},
  }));
}

/** Whether arc made it: an image that somebody makes from a wrapper has the wrapper's labels too, and ends otherwise. */
async function endsWithBuild(docker: Docker, id: string): Promise<boolean> {
  const history = await docker
    .getImage(id)
    .history()
    .catch((cause) => {
      // Somebody else has removed it since it was listed.
      if (isMissing(cause)) return [];
      throw cause;
    });
  const [last] = history as readonly { CreatedBy?: string }[];
  return last?.CreatedBy?.includes(` LABEL ${imageLabels.inputs}=`) === true;
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
