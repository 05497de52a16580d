import type { Outside } from '../../host/outside.ts';
import type { RunningContainer } from '../../platform/docker/docker-info.ts';
import type { ResolvedPort, Stack } from '../../stack/model.ts';

/** What `arc doctor --public` looks at. */
export type PublicSituation = {
  stack: Stack;
  /** What the Engine runs now. */
  running: readonly RunningContainer[];
  outside: Outside;
  /** Address of the Engine's machine where that is another one: then this machine is one of those outside. */
  engineAddress?: string;
};

/** A port that the stack opens to other machines. */
export type OpenPort = { container: string; port: ResolvedPort };

/** Those that are meant for other machines, or open to them. */
export function openPorts(stack: Pick<Stack, 'containers'>): readonly OpenPort[] {
  return stack.containers.flatMap(({ name, ports }) =>
    ports
      .filter(({ public: isPublic, bind }) => isPublic === true || !isLoopback(bind))
      .map((port) => ({ container: name, port })),
  );
}

export function isLoopback(bind: string): boolean {
  return bind === '::1' || bind.startsWith('127.');
}

/** `443/tcp of arc-gateway (websecure)`. */
export function portText({ container, port }: OpenPort): string {
  return `${numbers(port)}/${port.protocol} of ${container} (${port.name})`;
}

/** `443`, `50100-50200`. */
export function numbers({ host: { first, last } }: Pick<ResolvedPort, 'host'>): string {
  return first === last ? `${first}` : `${first}-${last}`;
}

/** The addresses under which clients look for the machine: those of settings, by the setting's name. */
export function toldAddresses({
  stack,
}: Pick<PublicSituation, 'stack'>): readonly { setting: string; address: string }[] {
  const services = new Set(stack.containers.map(({ service }) => service));
  return Object.entries(stack.settings).flatMap(([setting, { kind, service, value }]) =>
    kind === 'address' && services.has(service) ? [{ setting, address: value }] : [],
  );
}
