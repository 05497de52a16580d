import { containerOf } from '../../app/images-in-use.ts';
import { changedParts, configRoot, hashAsMade } from '../../platform/docker/hash.ts';
import type { Snapshot } from '../../platform/docker/snapshot.ts';
import type { BootableStack } from '../../stack/model.ts';

/**
 * Parts of the configuration (parts of the hash) that have changed since the containers were created, by role. Probes
 * use the current configuration, so such a change may explain a bad answer. Images do not count, because probes do not
 * depend on them.
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
