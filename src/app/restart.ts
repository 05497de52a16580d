import type { Manifests } from '../manifest/model.ts';
import type { Snapshot } from '../platform/docker/snapshot.ts';
import type { BootableStack } from '../stack/model.ts';
import { selectedRoles } from '../stack/selection.ts';
import { type Booted, type BootRequest, boot } from './boot.ts';
import { containerOf } from './images-in-use.ts';
import type { Scope } from './preview.ts';
import type { BootOptions } from './request.ts';

export type RestartOptions = BootOptions & { recreate?: boolean };

/**
 * Restarts the selected containers but not their dependencies; without a selection, everything. Containers that are not
 * selected stay as they are, because restarting one container should not apply changes to others. `recreate` removes
 * and creates the containers, keeps their data, and so undoes changes by hand.
 */
export function restart(
  options: Pick<BootRequest, 'context' | 'show'> & { request: RestartOptions },
): Promise<Booted> {
  return boot({ ...options, command: 'restart', scope: scopeOf(options.request) });
}

function scopeOf({ selection, without, recreate }: RestartOptions): Scope {
  return ({ stack, snapshot, manifests }) => {
    const roles = namedRoles({ stack, manifests, selection, without });
    return {
      asMade: existingBut({ roles, stack, snapshot }),
      force: { how: recreate === true ? 'recreate' : 'restart', roles },
    };
  };
}

function namedRoles(options: {
  stack: BootableStack;
  manifests: Manifests;
  selection: readonly string[];
  without: readonly string[];
}): ReadonlySet<string> {
  return options.selection.length === 0
    ? new Set(options.stack.containers.map(({ role }) => role))
    : selectedRoles(options);
}

function existingBut(options: {
  roles: ReadonlySet<string>;
  stack: BootableStack;
  snapshot: Snapshot;
}): ReadonlySet<string> {
  const { roles, stack, snapshot } = options;
  const others = stack.containers.map(({ role }) => role).filter((role) => !roles.has(role));
  return new Set(others.filter((role) => containerOf({ role, snapshot }) !== undefined));
}
