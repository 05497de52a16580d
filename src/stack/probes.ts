import { invalid } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { PortName } from '../core/socket-address.ts';
import type { ContainerManifest } from '../manifest/model.ts';
import type { ProbeManifest } from '../manifest/model-checks.ts';
import type { Probe } from './model.ts';
import { type Renders, renderData } from './render-data.ts';

/** The container whose port a probe asks, with those of its ports that this stack has. */
export type ProbedContainer = Pick<ContainerManifest, 'role' | 'name' | 'ports' | 'location'>;

/** Gives a probe its values: rendered texts, and the port by the container's role and its own name. */
export function resolveProbe(options: { probe: ProbeManifest; container: ProbedContainer } & Renders): Probe {
  const { probe, container, ...renders } = options;
  const { kind, port, fields } = probe;
  if (port === undefined) return { kind: 'container', name: container.name };
  return { kind, at: named({ port, container }), fields: renderData({ fields, ...renders }) };
}

/** The port that a probe names. */
function named(options: { port: string; container: ProbedContainer }): PortName {
  const { port, container } = options;
  if (container.ports.some(({ name }) => name === port)) return { role: container.role, port };
  const meant = nearest(
    port,
    Array.from(container.ports, ({ name }) => name),
  );
  throw invalid({
    code: 'unknown-port',
    message: `A probe of ${container.name} names a port ${port} that it does not have.`,
    ...(meant === undefined ? {} : { suggestion: `did you mean \`${meant}\`?` }),
    location: container.location,
  });
}
