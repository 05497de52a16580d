import type { Problem } from '../../core/errors.ts';
import { parsePortRange } from '../build/units.ts';
import type { ContainerManifest, PortManifest, PortRange } from '../model.ts';
import { both } from '../words.ts';
import { at, type CheckedConfig, type ConfigContext, correction } from './context.ts';
import type { Listener } from './facts.ts';

/** Ports that a program would listen on, but that its container does not have. */
export function checkListeners(context: ConfigContext): readonly Problem[] {
  return context.configs.flatMap((config) =>
    config.facts.listeners.flatMap((listener) => {
      const problem = check(config, listener);
      return problem === undefined ? [] : [problem];
    }),
  );
}

function check(config: CheckedConfig, listener: Listener): Problem | undefined {
  const { container } = config;
  // 0 and -1 turn a port off.
  const range = parsePortRange(listener.value.replaceAll(' ', ''));
  if (container === undefined || !('ports' in container) || range === undefined) return undefined;
  const ports = container.ports.filter((port) => port.protocol === listener.protocol);
  if (ports.length === 0 || ports.some((port) => holds(port.container, range))) return undefined;
  // The intended port is the one that nothing in the file listens on.
  const free = ports.filter((port) => !config.facts.listeners.some((other) => meets(other, port)));
  const meant = free.length > 0 ? free : ports;
  return {
    code: 'port-mismatch',
    message: `\`${listener.field}\` is ${listener.value}, but ${container.name} has ${describe(meant)}.`,
    suggestion: correction(config),
    location: config.source.locate(listener.offset),
  };
}

function describe(ports: ContainerManifest['ports']): string {
  return both(ports.map((port) => `${port.name} ${said(port.container)} (${at(port.location)})`));
}

function said(range: PortRange): string {
  return range.first === range.last ? String(range.first) : `${range.first}-${range.last}`;
}

function meets(listener: Listener, port: PortManifest): boolean {
  const range = parsePortRange(listener.value.replaceAll(' ', ''));
  return range !== undefined && listener.protocol === port.protocol && holds(port.container, range);
}

function holds(outer: PortRange, inner: PortRange): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}
