import { containerOf } from '../../app/images-in-use.ts';
import { changedParts, configRoot, hashAsMade } from '../../platform/docker/hash.ts';
import type { Snapshot } from '../../platform/docker/snapshot.ts';
import type { BootableStack } from '../../stack/model.ts';

/**
 * What containers were made with that is not what manifests, secrets and config files give now, by role: names of the
 * parts of the hash. Questions are asked with what is there now, so this may be why one is answered badly. An image does
 * not count, for what is asked does not depend on it.
 *
 * @param options.root absolute path of the workspace
 */
export function madeOtherwise(options: {
  stack: BootableStack;
  snapshot: Snapshot;
  root: string;
}): ReadonlyMap<string, readonly string[]> {
  const { stack, snapshot, root } = options;
  return new Map(
    stack.containers.flatMap((container) => {
      const existing = containerOf({ role: container.role, snapshot });
      if (existing === undefined) return [];
      const after = hashAsMade({
        container,
        image: { id: undefined },
        network: stack.network,
        root: configRoot({ snapshot, root }),
        selinux: snapshot.selinux,
        made: existing.hash,
      });
      const parts = after === undefined ? [] : (changedParts({ before: existing, after }) ?? []);
      const changed = parts.filter((part) => part !== 'image');
      return changed.length === 0 ? [] : [[container.role, changed] as const];
    }),
  );
}
