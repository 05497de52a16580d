import type { Plan } from '../../core/step.ts';
import type { ServiceManifest } from '../../manifest/model.ts';
import { worksOf } from '../../platform/docker/drivers/work.ts';
import { dockerReach, type ReachableContainer } from '../../platform/docker/reach.ts';
import type { ObservedContainer, Snapshot } from '../../platform/docker/snapshot.ts';
import type { BootSite } from '../boot-site.ts';
import type { Preview } from '../preview.ts';
import type { SpansWay } from './boot-trace.ts';
import { spansReceiver } from './receiver.ts';

/**
 * The way to whoever takes spans once a boot is over; undefined if there is no such container. The Engine is asked only
 * for a port that is not published.
 */
export function spansWay(options: { site: BootSite; seen: Preview }): SpansWay | undefined {
  const { site, seen } = options;
  const { manifests, connection } = site;
  const staying = stayingOf(seen);
  const made = seen.all.containers.filter(({ kind }) => kind === 'service');
  const there = new Set([...made, ...staying].flatMap(({ role }) => role ?? []));
  const to = spansReceiver({ services: manifests.services, there });
  if (to === undefined) return undefined;
  const known = made.some(({ role }) => role === to.role);
  const beside = known ? [] : staying.flatMap((one) => reachable({ one, services: manifests.services }));
  const stack = { network: seen.all.network, containers: [...seen.all.containers, ...beside] };
  const reach = dockerReach({ engine: connection.engine, connection, stack, observed: staying });
  return { to, reach, secrets: seen.all.secrets };
}

/** The containers that the plan neither makes nor removes. One that does not run takes no spans: they are lost, and counted. */
function stayingOf(seen: { plan: Plan; snapshot: Snapshot }): readonly ObservedContainer[] {
  const { plan, snapshot } = seen;
  const removed = worksOf(plan, 'remove').map(({ name }) => name);
  const gone = new Set([...removed, ...worksOf(plan, 'create').map(({ container }) => container.name)]);
  return snapshot.containers.filter(({ name }) => !gone.has(name));
}

/** A running container that is no part of the stack: where its ports are published is what the Engine says. */
function reachable(options: {
  one: ObservedContainer;
  services: readonly ServiceManifest[];
}): readonly ReachableContainer[] {
  const { one, services } = options;
  const manifest = services
    .flatMap((service) => [service, ...service.sidecars])
    .find(({ role }) => role === one.role);
  if (manifest === undefined) return [];
  return [{ role: manifest.role, name: one.name, ports: [], innerPorts: manifest.ports }];
}
