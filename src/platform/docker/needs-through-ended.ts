import type { ObservedContainer } from './snapshot.ts';

/** The roles that a container needs, with those in the place of an ended one that it needed itself. */
export function needsThroughEnded(
  present: readonly ObservedContainer[],
): (container: ObservedContainer) => readonly string[] {
  const ended = new Map(
    present.filter((one) => !isStoppable(one)).map((one) => [one.role ?? one.name, one.dependsOn]),
  );
  return ({ dependsOn }) => {
    // Iterating over a set includes elements added meanwhile, so each role is visited once.
    const roles = new Set(dependsOn);
    for (const role of roles) for (const further of ended.get(role) ?? []) roles.add(further);
    return [...roles];
  };
}

/** A paused container is unpaused by the Engine when it is stopped; a restarting one is kept from restarting. */
function isStoppable({ state }: ObservedContainer): boolean {
  return state === 'running' || state === 'paused' || state === 'restarting';
}
