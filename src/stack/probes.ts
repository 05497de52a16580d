import type { PortName } from '../core/address.ts';
import { invalid } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { Secret } from '../core/secret.ts';
import type { ContainerManifest, ProbeManifest } from '../manifest/model.ts';
import type { Probe } from './model.ts';

/** The container whose port a probe asks, with those of its ports that this stack has. */
export type ProbedContainer = Pick<ContainerManifest, 'role' | 'name' | 'ports' | 'location'>;

/** Gives a probe its values: rendered strings, and the port by the container's role and its own name. */
export function resolveProbe(options: {
  probe: ProbeManifest;
  container: ProbedContainer;
  /** Renders a string that may hold secrets; `field` is its name in the manifest. */
  closed: (field: string, text: string) => string;
  /** Renders a string that is shown to people. */
  open: (field: string, text: string) => string;
}): Probe {
  const { probe, container, closed, open } = options;
  const secret = (field: string, text: string) => new Secret(closed(field, text));
  switch (probe.kind) {
    case 'container':
      return { kind: 'container', name: container.name };
    case 'tcp':
      return { kind: 'tcp', at: named({ port: probe.port, container }) };
    case 'http':
      return {
        kind: 'http',
        at: named({ port: probe.port, container }),
        path: open('path', probe.path),
        status: probe.status,
        ...(probe.body === undefined ? {} : { body: open('body', probe.body) }),
      };
    case 'redis':
      return {
        kind: 'redis',
        at: named({ port: probe.port, container }),
        ...(probe.password === undefined ? {} : { password: secret('password', probe.password) }),
      };
    case 's3':
      return {
        kind: 's3',
        at: named({ port: probe.port, container }),
        accessKey: secret('access_key', probe.access_key),
        secretKey: secret('secret_key', probe.secret_key),
        bucket: open('bucket', probe.bucket),
        region: open('region', probe.region),
      };
    case 'livekit':
      return {
        kind: 'livekit',
        at: named({ port: probe.port, container }),
        apiKey: secret('api_key', probe.api_key),
        apiSecret: secret('api_secret', probe.api_secret),
        aspect: probe.aspect,
      };
    default:
      return probe satisfies never;
  }
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
