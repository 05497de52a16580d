import { runningDependents } from '../platform/docker/dependents.ts';
import { ownContainers } from '../platform/docker/orphans.ts';
import type { Snapshot } from '../platform/docker/snapshot.ts';
import type { BootableStack, ResolvedContainer } from '../stack/model.ts';
import { indexWorkspace } from '../stack/workspace-index.ts';
import type { Workspace } from '../workspace/load.ts';
import type { Context } from './context.ts';
import { asItRuns } from './images-in-use.ts';
import { loadStackOnEngine } from './load-stack.ts';
import { parseAssignments } from './request.ts';

/**
 * Running containers that need something in a stack but are not part of it. For example, `arc restart cache` does not
 * select the server, which keeps its rooms in the cache. They come in dependency order, with the flavour and the
 * dependencies that they were created with. Containers without a manifest are left out, because arc does not know how
 * to probe them.
 *
 * @param options.set settings that were given as flags
 */
export async function findDependents(options: {
  context: Context;
  workspace: Workspace;
  set: readonly string[];
  stack: Pick<BootableStack, 'containers'>;
  snapshot: Snapshot;
}): Promise<readonly ResolvedContainer[]> {
  const { context, workspace, set, stack, snapshot } = options;
  const selected = new Set(stack.containers.map(({ role }) => role));
  const described = indexWorkspace(workspace.manifests).entries;
  const roles = new Set([...runningDependents({ snapshot, selected })].filter((role) => described.has(role)));
  if (roles.size === 0) return [];
  const wider = await loadStackOnEngine({
    context,
    workspace,
    // Together: one may be there for the other only `when_present`.
    request: { selection: [...roles, ...selected], without: [], settings: parseAssignments(set) },
  });
  context.protect(wider.secrets);
  const made = new Map(ownContainers(snapshot).map((one) => [one.role, new Set(one.dependsOn)]));
  return asItRuns({ stack: wider, snapshot })
    .containers.filter(({ role }) => roles.has(role))
    .map((container) => ({
      ...container,
      dependsOn: container.dependsOn.filter(({ role }) => made.get(container.role)?.has(role)),
    }));
}
