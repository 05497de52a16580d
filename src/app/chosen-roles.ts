import { invalid } from '../core/errors.ts';
import type { Manifests } from '../manifest/model.ts';
import { orphansOf, ownContainers } from '../platform/docker/orphans.ts';
import type { Snapshot } from '../platform/docker/snapshot.ts';
import { isName, selectedRoles, unknownName } from '../stack/selection.ts';
import { indexWorkspace } from '../stack/workspace-index.ts';

/**
 * Finds the roles for names, among running containers: by the manifests, or by labels if no manifest describes the
 * container. Pure.
 *
 * @param options.manifests absent if they cannot be read; then labels are all there is
 * @returns undefined if nothing is named, which means everything
 * @throws ArcError `unknown-name` with the nearest name
 */
export function chosenRoles(options: {
  manifests: Manifests | undefined;
  snapshot: Snapshot;
  selection: readonly string[];
  without: readonly string[];
}): ReadonlySet<string> | undefined {
  const { manifests, snapshot, selection, without } = options;
  if (selection.length === 0 && without.length === 0) return undefined;
  const described = describedRoles(manifests);
  const labels = namesByLabel({ snapshot, described });
  const lookUp = (name: string): readonly string[] => {
    const labelled = labels.get(name) ?? [];
    if (manifests !== undefined && (labelled.length === 0 || isName({ manifests, name })))
      return [...selectedRoles({ manifests, selection: [name], without: [] }), ...labelled];
    if (labelled.length > 0) return labelled;
    throw invalid(unknownName({ name, known: labels.keys(), option: '' }));
  };
  const everything = [...described, ...ownContainers(snapshot).map(({ role }) => role)];
  const roles = new Set(selection.length === 0 ? everything : selection.flatMap(lookUp));
  for (const role of without.flatMap(lookUp)) roles.delete(role);
  return roles;
}

/**
 * Finds the roles for names in the manifests. Pure.
 *
 * @returns undefined if nothing is named, which means everything
 * @throws ArcError `unknown-name` with the nearest name
 */
export function namedRoles(options: {
  manifests: Manifests;
  selection: readonly string[];
  without: readonly string[];
}): ReadonlySet<string> | undefined {
  const { manifests, selection, without } = options;
  if (selection.length === 0 && without.length === 0) return undefined;
  return selectedRoles({ manifests, selection, without });
}

/** Every role of the manifests, of containers and jobs. */
export function describedRoles(manifests: Manifests | undefined): ReadonlySet<string> {
  return new Set(manifests === undefined ? [] : indexWorkspace(manifests).entries.keys());
}

/** Containers that no manifest describes, by their roles, services and names on the Engine. */
function namesByLabel(options: {
  snapshot: Snapshot;
  described: ReadonlySet<string>;
}): ReadonlyMap<string, readonly string[]> {
  const { snapshot, described } = options;
  const names = new Map<string, Set<string>>();
  const add = (name: string, role: string): void => {
    names.set(name, (names.get(name) ?? new Set()).add(role));
  };
  for (const { role, service = role, name } of orphansOf(options))
    for (const word of [role, service, name]) add(word, role);
  // Data that a container left behind.
  for (const { project, role } of snapshot.volumes)
    if (project === snapshot.project && role !== undefined && !described.has(role)) add(role, role);
  return new Map(Array.from(names, ([name, roles]) => [name, [...roles]]));
}
