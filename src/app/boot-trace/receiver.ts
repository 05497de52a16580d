import { otlpProbe } from '../../core/probes/otlp.ts';
import type { PortName } from '../../core/socket-address.ts';
import type { ContainerManifest, ServiceManifest } from '../../manifest/model.ts';

/** A container that takes spans: the port, and the roles that it sends to in turn. */
type Receiver = { at: PortName; uses: ReadonlySet<string> };

/**
 * Where spans are sent: a container that is there and has a probe of kind `otlp`. Of several, the one that sends to another
 * of them comes first, such as a collector before the storage. Pure.
 *
 * @param options.there roles that have a container
 */
export function spansReceiver(options: {
  services: readonly ServiceManifest[];
  there: ReadonlySet<string>;
}): PortName | undefined {
  const receivers = receiversIn(options.services).filter(({ at }) => options.there.has(at.role));
  const roles = receivers.map(({ at }) => at.role);
  const passing = receivers.find(({ uses }) => roles.some((role) => uses.has(role)));
  return (passing ?? receivers[0])?.at;
}

function receiversIn(services: readonly ServiceManifest[]): readonly Receiver[] {
  return services.flatMap((service) => {
    const containers: readonly ContainerManifest[] = [service, ...service.sidecars];
    const probes = [
      ...containers.map(({ role, health }) => ({ role, probe: health.probe })),
      ...service.checks.map(({ container, probe }) => ({ role: container, probe })),
    ];
    return probes.flatMap(({ role, probe }): Receiver[] => {
      if (probe.kind !== otlpProbe.kind || probe.port === undefined) return [];
      const own = containers.find((container) => container.role === role);
      const uses = new Set(own?.depends_on.map((dependency) => dependency.role));
      return [{ at: { role, port: probe.port }, uses }];
    });
  });
}
