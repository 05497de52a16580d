import type { Brokers } from '../../contracts/asyncapi.ts';
import type { ContainerManifest, Manifests, PortManifest } from '../../manifest/model.ts';
import { providers } from '../providers.ts';

/**
 * Where containers of a stack find the servers that messages go through: by the name of the container's manifest, which
 * it has in every workspace, and the port of its clients. Systems that no service is a server of are absent. Pure.
 */
export function brokersOf({ services }: Pick<Manifests, 'services'>): Brokers {
  const containers = services.flatMap((service): readonly ContainerManifest[] => [
    service,
    ...service.sidecars,
  ]);
  const found = providers.flatMap(({ probe: { kind }, messages }) =>
    messages === undefined
      ? []
      : containers.flatMap(({ name, health, ports }) => {
          if (health.probe.kind !== kind) return [];
          const { port = '', fields } = health.probe;
          const client = portNamed(ports, messages.clientPort({ port, fields }));
          return client === undefined ? [] : [[messages.system, `${name}:${client.container.first}`]];
        }),
  );
  // Of several servers the first.
  return Object.fromEntries(found.toReversed()) as Brokers;
}

function portNamed(ports: readonly PortManifest[], wanted: string): PortManifest | undefined {
  return ports.find(({ name }) => name === wanted);
}
