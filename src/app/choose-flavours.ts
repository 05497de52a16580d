import { type ImagesLock, lockedBase } from '../images/lock/model.ts';
import { namesOfBase } from '../images/present-base.ts';
import { isMadeHere, ownFlavour } from '../manifest/flavours.ts';
import type { WorkspaceManifest } from '../manifest/model.ts';
import type { EngineImages } from '../platform/docker/engine-images.ts';
import type { ResolvedImage, Stack } from '../stack/model.ts';

/** A flavour that a container may have, and the names by which the Engine may have something of it. */
type Candidate = { name: string; references: readonly string[] };

/**
 * Chooses flavours by the images on the Engine: if it has nothing of a container's preferred flavour, the container
 * runs the first flavour whose image is there, so that no boot asks a registry. Takes one call to the Engine, or none
 * if there is nothing to choose.
 */
export async function chooseFlavours(options: {
  engineImages: EngineImages;
  stack: Stack;
  workspace: WorkspaceManifest;
  lock: ImagesLock;
}): Promise<Stack> {
  const { engineImages, stack } = options;
  const open = stack.containers.flatMap(({ role, image, flavour, alternatives }) => {
    if (alternatives === undefined) return [];
    const own = { name: flavour?.name ?? ownFlavour, image };
    return [{ role, candidates: [own, ...alternatives].map((one) => candidate({ ...options, ...one })) }];
  });
  if (open.length === 0) return stack;
  const all = open.flatMap(({ candidates }) => candidates.flatMap(({ references }) => references));
  const observed = await engineImages.observe(all);
  const taken = open.flatMap(({ role, candidates }) => {
    const found = candidates.findIndex(({ references }) =>
      references.some((reference) => observed(reference) !== undefined),
    );
    const chosen = candidates[found];
    if (chosen === undefined || found === 0) return [];
    const others = candidates.slice(0, found).map(({ name }) => name);
    const because = `its image is on this Engine, and that of ${others.join(' and ')} is not`;
    return [[role, { name: chosen.name, because }] as const];
  });
  return taken.length === 0 ? stack : stack.inFlavours(Object.fromEntries(taken));
}

/** The base of one that is made here is no sign of it: other containers may be made from the same. */
function candidate(options: {
  name: string;
  image: ResolvedImage;
  workspace: WorkspaceManifest;
  lock: ImagesLock;
}): Candidate {
  const { name, image, workspace, lock } = options;
  const { reference, upstream } = image;
  if (isMadeHere(upstream)) return { name, references: [reference] };
  const locked = lockedBase({ lock, upstream })?.digest;
  return { name, references: [reference, ...namesOfBase({ upstream, mirrors: workspace.mirrors, locked })] };
}
