import { type ImagesLock, lockedBase } from '../images/lock/model.ts';
import { namesOfBase } from '../images/present-base.ts';
import type { WorkspaceManifest } from '../manifest/model.ts';
import type { EngineConnection } from '../platform/docker/connection.ts';
import type { EngineContainer } from '../platform/docker/engine.ts';
import type { EngineImages } from '../platform/docker/engine-images.ts';
import { lookUpOnce } from '../platform/docker/looked-up-images.ts';
import { listAll, snapshotOf } from '../platform/docker/observe.ts';
import { idsOf } from '../platform/docker/observed-images.ts';
import type { Snapshot } from '../platform/docker/snapshot.ts';
import { imagesOf } from '../stack/bootable.ts';
import type { BootableStack, Stack } from '../stack/model.ts';

/** What the Engine had at one moment. */
export type Look = {
  /** They answer from the same moment for the images of the stack. */
  images: EngineImages;
  snapshotFor: (stack: Stack | BootableStack) => Promise<Snapshot>;
};

/**
 * Observes everything that the Engine lists, and the images of a stack in every possible flavour, at the same time. The
 * choice of flavours may depend on the result.
 *
 * @param options.bases where the images that these are made from are looked up, too
 * @param options.containers as they were a moment ago, where somebody had to ask already
 * @throws ArcError if the Engine does not answer
 */
export async function look(options: {
  connection: EngineConnection;
  stack: Stack;
  bases?: { workspace: WorkspaceManifest; lock: ImagesLock };
  containers?: readonly EngineContainer[];
}): Promise<Look> {
  const { connection, stack, bases } = options;
  const { engine, images: engineImages } = connection;
  const references = stack.containers.flatMap(imagesOf).flatMap(({ reference, upstream }) => {
    if (bases === undefined) return [reference];
    const { workspace, lock } = bases;
    const locked = lockedBase({ lock, upstream })?.digest;
    return [reference, ...namesOfBase({ upstream, mirrors: workspace.mirrors, locked })];
  });
  const [lists, images] = await Promise.all([
    listAll({ ...options, engine }),
    lookUpOnce({ engineImages, references }),
  ]);
  return {
    images,
    snapshotFor: async (wanted) => {
      const own = wanted.containers.map(({ image }) => image.reference);
      const ids = idsOf({ observed: await images.observe(own), references: own });
      return snapshotOf({ ...lists, project: wanted.project, stack: wanted, images: ids });
    },
  };
}
