import { ownContainers } from './orphans.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Roles outside of a selection whose containers run and were made to need something in it, directly or through
 * others, a job that has ended among them. Pure.
 */
export function runningDependents(options: {
  snapshot: Snapshot;
  selected: ReadonlySet<string>;
}): ReadonlySet<string> {
  const { snapshot, selected } = options;
  const own = ownContainers(snapshot);
  const dependents = new Map<string, string[]>();
  for (const { role, dependsOn } of own) {
    for (const need of dependsOn) dependents.set(need, [...(dependents.get(need) ?? []), role]);
  }
  const found = new Set(selected);
  // A set is walked in order of insertion, also over what is added meanwhile.
  for (const role of found) for (const dependent of dependents.get(role) ?? []) found.add(dependent);
  return new Set(
    own
      .filter(({ role, kind, state }) => found.has(role) && (kind === 'job' || isAlive(state)))
      .map(({ role }) => role)
      .filter((role) => !selected.has(role)),
  );
}

function isAlive(state: string): boolean {
  return state === 'running' || state === 'restarting';
}
