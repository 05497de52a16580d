import { invalid, type SourceLocation } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { Secret } from '../core/secret.ts';
import type { PortManifest, ProbeManifest } from '../manifest/model.ts';
import type { Probe } from './model.ts';

/** Gives a probe its values: where this machine reaches the port, and rendered strings. */
export function resolveProbe(options: {
  probe: ProbeManifest;
  container: { name: string; ports: readonly PortManifest[]; location: SourceLocation };
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
      return { kind: 'tcp', ...address({ port: probe.port, container }) };
    case 'http':
      return {
        kind: 'http',
        ...address({ port: probe.port, container }),
        path: open('path', probe.path),
        status: probe.status,
        ...(probe.body === undefined ? {} : { body: open('body', probe.body) }),
      };
    case 'redis':
      return {
        kind: 'redis',
        ...address({ port: probe.port, container }),
        ...(probe.password === undefined ? {} : { password: secret('password', probe.password) }),
      };
    case 's3':
      return {
        kind: 's3',
        ...address({ port: probe.port, container }),
        accessKey: secret('access_key', probe.access_key),
        secretKey: secret('secret_key', probe.secret_key),
        bucket: open('bucket', probe.bucket),
        region: open('region', probe.region),
      };
    case 'livekit':
      return {
        kind: 'livekit',
        ...address({ port: probe.port, container }),
        apiKey: secret('api_key', probe.api_key),
        apiSecret: secret('api_secret', probe.api_secret),
        aspect: probe.aspect,
      };
    default:
      return probe satisfies never;
  }
}

/** The published address of a port, as a program on this machine reaches it. */
function address(options: {
  port: string;
  container: { name: string; ports: readonly PortManifest[]; location: SourceLocation };
}): { host: string; port: number } {
  const { container } = options;
  const port = container.ports.find((candidate) => candidate.name === options.port);
  if (port === undefined) {
    const meant = nearest(
      options.port,
      Array.from(container.ports, (candidate) => candidate.name),
    );
    throw invalid({
      code: 'unknown-port',
      message: `A probe of ${container.name} names a port ${options.port} that it does not publish.`,
      ...(meant === undefined ? {} : { suggestion: `did you mean \`${meant}\`?` }),
      location: container.location,
    });
  }
  return { host: reachable(port.bind), port: port.host.first };
}

/** A port that is bound to every address is asked for on the loopback one. */
function reachable(bind: string): string {
  if (bind === '0.0.0.0') return '127.0.0.1';
  return bind === '::' ? '::1' : bind;
}
