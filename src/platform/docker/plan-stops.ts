import type { PlanDraft } from './plan-draft.ts';
import type { ObservedContainer } from './snapshot.ts';

/**
 * Stops containers, each after everything that depends on it: LiveKit, for one, does not exit while the Redis
 * that it reports to has gone. What needs a job that has ended needs what the job needed: egress the storage, in which
 * the job has made the bucket.
 *
 * @param options.present everything that is there of the project, stopped or not
 * @returns the stop of each container by its id; none for those that do not run
 */
export function planStops(options: {
  draft: PlanDraft;
  containers: readonly { existing: ObservedContainer; cause: string }[];
  present: readonly ObservedContainer[];
}): ReadonlyMap<string, string> {
  const { draft } = options;
  const needs = needsThroughEnded(options.present);
  const running = options.containers
    .filter(({ existing }) => isStoppable(existing))
    .map(({ existing, cause }) => ({ existing: { ...existing, dependsOn: needs(existing) }, cause }));
  const dependents = new Map<string, string[]>();
  const stops = new Map<string, string>();
  for (const { existing, cause } of dependentsFirst(running)) {
    const { id: containerId, name, role = name, graceSeconds } = existing;
    const id = draft.add(
      { kind: 'stop-container', role, name, containerId, graceSeconds },
      { cause, after: dependents.get(role) ?? [] },
    );
    stops.set(containerId, id);
    for (const dependency of existing.dependsOn) {
      const known = dependents.get(dependency);
      if (known) known.push(id);
      else dependents.set(dependency, [id]);
    }
  }
  return stops;
}

/** The roles that a container needs, with those in the place of an ended one that it needed itself. */
export function needsThroughEnded(
  present: readonly ObservedContainer[],
): (container: ObservedContainer) => readonly string[] {
  const ended = new Map(
    present.filter((one) => !isStoppable(one)).map((one) => [one.role ?? one.name, one.dependsOn]),
  );
  return ({ dependsOn }) => {
    // A set is walked in order of insertion, also over what is added meanwhile; each role is looked at once.
    const roles = new Set(dependsOn);
    for (const role of roles) for (const further of ended.get(role) ?? []) roles.add(further);
    return [...roles];
  };
}

/** A paused container is unpaused by the Engine when it is stopped; a restarting one is kept from restarting. */
function isStoppable({ state }: ObservedContainer): boolean {
  return state === 'running' || state === 'paused' || state === 'restarting';
}

/**
 * Dependents before what they depend on, in linear time (Kahn). Labels could in theory name each other in a
 * circle; what is left then is stopped in the order in which it was found.
 */
function dependentsFirst<T extends { existing: ObservedContainer }>(containers: readonly T[]): readonly T[] {
  const byRole = new Map(containers.map((item) => [item.existing.role, item]));
  const waiting = new Map(containers.map((item) => [item, 0]));
  const dependenciesOf = (item: T): readonly T[] =>
    item.existing.dependsOn.flatMap((role) => byRole.get(role) ?? []);
  for (const item of containers) {
    for (const dependency of dependenciesOf(item))
      waiting.set(dependency, (waiting.get(dependency) ?? 0) + 1);
  }
  const ordered = new Set(containers.filter((item) => waiting.get(item) === 0));
  // A set is walked in order of insertion, also over what is added meanwhile.
  for (const item of ordered) {
    for (const dependency of dependenciesOf(item)) {
      const left = (waiting.get(dependency) ?? 0) - 1;
      waiting.set(dependency, left);
      if (left === 0) ordered.add(dependency);
    }
  }
  return [...ordered, ...containers.filter((item) => !ordered.has(item))];
}
