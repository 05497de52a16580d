import { posix } from 'node:path';
import type { Manifests } from '../manifest/model.ts';
import type { BootableStack } from '../stack/model.ts';
import { order } from '../stack/order.ts';

/**
 * The other services that containers of each service wait for, by role and in order of role.
 * Throws `dependency-cycle` where services need each other although their containers do not: neither compose file
 * could include the other.
 */
export function linkServices(options: {
  stack: BootableStack;
  manifests: Manifests;
}): ReadonlyMap<string, readonly string[]> {
  const { stack, manifests } = options;
  const serviceOf = new Map(stack.containers.map(({ role, service }) => [role, service]));
  const links = new Map(manifests.services.map(({ role }) => [role, new Set<string>()]));
  for (const container of stack.containers) {
    for (const { role } of container.dependsOn) {
      const service = serviceOf.get(role);
      if (service !== undefined && service !== container.service) links.get(container.service)?.add(service);
    }
  }
  const sorted = new Map(Array.from(links, ([role, needed]) => [role, [...needed].toSorted()]));
  order(sorted);
  return sorted;
}

/** Path from one folder of the workspace to another: `..`, `../cache`. */
export function relativeFolder(from: string, to: string): string {
  return posix.relative(from, to) || '.';
}
