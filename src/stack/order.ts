import { invalid } from '../core/errors.ts';
import { compareText } from './graph.ts';

/** A graph's nodes by how many must come before them. */
export type Order = {
  /** Every dependency of a layer is in an earlier one; roles of a layer in order of name. */
  layers: readonly (readonly string[])[];
  /** The longest chain, first started first; of several as long, always the same one. */
  criticalPath: readonly string[];
};

/**
 * Orders roles by their dependencies (role → roles that it waits for, all of them keys of the map).
 * Linear in roles and dependencies. Throws `dependency-cycle` rather than go round for ever.
 */
export function order(dependencies: ReadonlyMap<string, readonly string[]>): Order {
  const dependents = new Map<string, string[]>();
  const waitingFor = new Map<string, number>();
  for (const [role, needs] of dependencies) {
    waitingFor.set(role, needs.length);
    for (const need of needs) {
      const list = dependents.get(need);
      if (list === undefined) dependents.set(need, [role]);
      else list.push(role);
    }
  }

  const layers: string[][] = [];
  const slowest = new Map<string, string>();
  let layer = [...dependencies.keys()].filter((role) => waitingFor.get(role) === 0);
  let ordered = 0;
  while (layer.length > 0) {
    layer.sort(compareText);
    layers.push(layer);
    ordered += layer.length;
    const next: string[] = [];
    for (const role of layer) {
      for (const dependent of dependents.get(role) ?? []) {
        const left = (waitingFor.get(dependent) ?? 0) - 1;
        waitingFor.set(dependent, left);
        if (left > 0) continue;
        // All of a layer is counted down before the next begins, so this dependency is one of the deepest.
        slowest.set(dependent, role);
        next.push(dependent);
      }
    }
    layer = next;
  }

  if (ordered < dependencies.size) {
    const stuck = [...dependencies.keys()]
      .filter((role) => (waitingFor.get(role) ?? 0) > 0)
      .toSorted(compareText);
    throw invalid({
      code: 'dependency-cycle',
      message: `These wait for each other, or for one that does: ${stuck.slice(0, 10).join(', ')}.`,
    });
  }

  const criticalPath: string[] = [];
  let step = layers.at(-1)?.[0];
  while (step !== undefined) {
    criticalPath.push(step);
    step = slowest.get(step);
  }
  return { layers, criticalPath: criticalPath.reverse() };
}
