import { needsThroughEnded } from './needs-through-ended.ts';
import { ownContainers } from './orphans.ts';
import type { Snapshot } from './snapshot.ts';

/** What `arc down` with a selection removes, and what stays because another running container needs it. */
export type DownSelection = {
  roles: ReadonlySet<string>;
  stays: readonly { role: string; name: string; neededBy: readonly string[] }[];
};

/**
 * `arc down` with a selection undoes the `arc up` of it: it removes the named containers and the dependencies that they
 * were created with, unless another running container needs those. It uses the labels of existing containers, and the
 * manifests for containers that an interrupted `arc down` removed.
 * A dependency `when_present` is neither removed with a container nor kept for one. Pure.
 *
 * @param options.named roles
 * @param options.described what each role needs by its manifest
 * @param options.loose what each role needs only `when_present`
 * @param options.leftOut roles that stay whatever was named
 */
export function selectDown(options: {
  snapshot: Snapshot;
  named: ReadonlySet<string>;
  leftOut: ReadonlySet<string>;
  described: ReadonlyMap<string, readonly string[]>;
  loose: ReadonlyMap<string, ReadonlySet<string>>;
}): DownSelection {
  const { snapshot, named, leftOut, described, loose } = options;
  const own = ownContainers(snapshot);
  const made = own.map(({ role, dependsOn }) => [role, dependsOn] as const);
  const needs = new Map(
    [...described, ...made].map(([role, all]) => [role, all.filter((need) => !loose.get(role)?.has(need))]),
  );
  const meant = new Set([...withNeeds(named, needs)].filter((role) => !leftOut.has(role)));
  const running = own.filter(({ state }) => ['running', 'paused', 'restarting'].includes(state));
  const others = running.filter(({ role }) => !meant.has(role)).map(({ role }) => role);
  const needed = withNeeds(new Set(others), needs);
  const neededThrough = needsThroughEnded(own);
  const stays = own
    .filter(({ role }) => meant.has(role) && needed.has(role))
    .map(({ role, name }) => ({
      role,
      name,
      neededBy: running
        .filter((other) => needed.has(other.role) && neededThrough(other).includes(role))
        .map((other) => other.role)
        .toSorted(),
    }));
  return { roles: new Set([...meant].filter((role) => !needed.has(role))), stays };
}

/** Roles with all that they need, directly or through others. */
function withNeeds(
  roles: ReadonlySet<string>,
  needs: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  // A set is walked in order of insertion, also over what is added meanwhile.
  const all = new Set(roles);
  for (const role of all) for (const need of needs.get(role) ?? []) all.add(need);
  return all;
}
