import { type ImagesLock, lockedBase } from '../images/lock/model.ts';
import { namesOfBase } from '../images/present-base.ts';
import type { WorkspaceManifest } from '../manifest/model.ts';
import type { EngineImages } from '../platform/docker/engine-images.ts';
import { withFallbacks } from '../stack/flavours.ts';
import type { Stack } from '../stack/model.ts';

/**
 * Chooses flavours by what is on the Engine: a container whose embedded image is there, while nothing is there of its
 * upstream, runs embedded, and no registry has to be asked at each boot. In one call to the Engine; in none where
 * there is nothing to choose.
 */
export async function chooseFlavours(options: {
  engineImages: EngineImages;
  stack: Stack;
  workspace: WorkspaceManifest;
  lock: ImagesLock;
}): Promise<Stack> {
  const { engineImages, stack, workspace, lock } = options;
  const open = stack.containers.flatMap(({ role, image, fallback }) =>
    fallback === undefined
      ? []
      : [
          {
            role,
            upstream: [
              image.reference,
              ...namesOfBase({
                upstream: image.upstream,
                mirrors: workspace.mirrors,
                locked: lockedBase({ lock, upstream: image.upstream })?.digest,
              }),
            ],
            embedded: fallback.image.reference,
          },
        ],
  );
  if (open.length === 0) return stack;
  const observed = await engineImages.observe(
    open.flatMap(({ upstream, embedded }) => [...upstream, embedded]),
  );
  const isThere = (reference: string): boolean => observed(reference) !== undefined;
  const chosen = open.filter(({ upstream, embedded }) => !upstream.some(isThere) && isThere(embedded));
  return withFallbacks({
    stack,
    roles: new Set(chosen.map(({ role }) => role)),
    because: 'its image is on this Engine, and that of the upstream is not',
  });
}
