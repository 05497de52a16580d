import { join } from 'node:path';
import { ownContainers } from '../platform/docker/orphans.ts';
import type { Snapshot } from '../platform/docker/snapshot.ts';
import { asBootable } from '../stack/bootable.ts';
import type { BootableStack, ResolvedContainer } from '../stack/model.ts';
import { indexWorkspace, type WorkspaceIndex } from '../stack/workspace-index.ts';
import type { Workspace } from '../workspace/load.ts';
import type { Context } from './context.ts';
import { containerOf } from './images-in-use.ts';
import { resolverOnEngine } from './load-stack.ts';
import { parseAssignments } from './request.ts';

/**
 * Running containers beside a stack whose files tell of others, such as whose metrics are read. They stay as they were
 * made; only the folders that follow are rendered for what will be there, and reloaded.
 *
 * @returns each with those folders alone
 */
export async function findFollowers(options: {
  context: Context;
  workspace: Workspace;
  /** Settings that were given as flags. */
  set: readonly string[];
  /** Absolute path of the workspace. */
  root: string;
  stack: BootableStack;
  snapshot: Snapshot;
}): Promise<readonly ResolvedContainer[]> {
  const { context, workspace, set, stack, snapshot } = options;
  const following = rolesThatFollow({ stack, snapshot, index: indexWorkspace(workspace.manifests) });
  if (following.length === 0) return [];
  const own = ownContainers(snapshot);
  const present = new Set([...own, ...stack.containers].map(({ role }) => role));
  const resolve = await resolverOnEngine({
    context,
    workspace,
    request: {
      selection: [...following, ...stack.containers.map(({ role }) => role)],
      without: [],
      settings: parseAssignments(set),
    },
  });
  const beside = resolve({ present, only: true });
  context.protect(beside.secrets);
  const flavours = new Map([
    ...own.flatMap(({ role, flavour }) => (flavour === undefined ? [] : [[role, flavour] as const])),
    ...stack.containers.flatMap(({ role, flavour }) =>
      flavour === undefined ? [] : [[role, flavour] as const],
    ),
  ]);
  return asBootable(beside.inFlavours(Object.fromEntries(flavours)))
    .containers.filter(({ role }) => following.includes(role))
    .filter((container) => hasItsFolders({ ...options, container }))
    .map((container) => ({
      ...container,
      dependsOn: [],
      config: [],
      folders: container.folders.filter(({ follows }) => follows),
    }));
}

/** Dependents and followers, each container once. Pure. */
export function together(options: {
  dependents: readonly ResolvedContainer[];
  followers: readonly ResolvedContainer[];
}): readonly ResolvedContainer[] {
  const { dependents, followers } = options;
  const following = new Map(followers.map((one) => [one.role, one]));
  const depending = new Set(dependents.map(({ role }) => role));
  return [
    ...dependents.map((one) => ({ ...one, folders: following.get(one.role)?.folders ?? one.folders })),
    ...followers.filter(({ role }) => !depending.has(role)),
  ];
}

function rolesThatFollow(options: {
  stack: Pick<BootableStack, 'containers'>;
  snapshot: Snapshot;
  index: WorkspaceIndex;
}): readonly string[] {
  const { stack, snapshot, index } = options;
  const selected = new Set(stack.containers.map(({ role }) => role));
  return ownContainers(snapshot).flatMap(({ role, state }) => {
    const folders = index.entries.get(role)?.manifest.folders ?? [];
    return state === 'running' && !selected.has(role) && folders.some(({ follows }) => follows) ? [role] : [];
  });
}

/**
 * Whether a container mounts the folders that follow from where they are rendered: one of an older arc would not see
 * what is written. Pure.
 */
export function hasItsFolders(options: {
  container: Pick<ResolvedContainer, 'role' | 'folders'>;
  snapshot: Snapshot;
  /** Absolute path of the workspace. */
  root: string;
}): boolean {
  const { container, snapshot, root } = options;
  const binds = containerOf({ role: container.role, snapshot })?.binds ?? [];
  return container.folders
    .filter(({ follows }) => follows)
    .every(({ folder, target }) =>
      binds.some((bind) => bind.target === target && bind.source.endsWith(join(root, folder))),
    );
}
