import type { Problem } from '../../core/errors.ts';
import type { ContainerManifest, JobManifest } from '../model.ts';
import { both, quote } from '../words.ts';
import { type Address, isOwnHost, parseAddress } from './address.ts';
import { at, type CheckedConfig, type ConfigContext } from './context.ts';
import type { Mention } from './facts.ts';

/**
 * Addresses that lead to no container, to a port that the container does not have, or back to the file's own.
 *
 * @returns also the mentions that the problems are about, so that no other check repeats them
 */
export function checkHosts(context: ConfigContext): {
  problems: readonly Problem[];
  mentions: ReadonlySet<Mention>;
} {
  const problems: Problem[] = [];
  const mentions = new Set<Mention>();
  for (const config of context.configs) {
    for (const mention of config.facts.mentions) {
      const address = mention.address && mention.role === 'refers' ? parseAddress(mention.value) : undefined;
      const problem =
        address === undefined ? undefined : hostProblem({ context, config, field: mention.field, address });
      if (problem === undefined) continue;
      problems.push({ ...problem, location: config.source.locate(mention.offset) });
      mentions.add(mention);
    }
  }
  return { problems, mentions };
}

/** Why an address that a program follows does not lead to what it names. */
export function hostProblem(options: {
  context: ConfigContext;
  config: CheckedConfig;
  field: string;
  address: Address;
}): Problem | undefined {
  const { context, config, field, address } = options;
  const leads = `\`${field}\` leads to ${address.host}:${address.port}`;
  const container = context.containers.get(address.host);
  if (container !== undefined) {
    const ports = tcpPorts(container);
    if (ports.length === 0 || ports.some((port) => holds(port.container, address.port))) return undefined;
    const numbers = ports.map((port) => `${port.name} ${port.container.first}`);
    return {
      code: 'address-mismatch',
      message: `${leads}, but ${address.host} has ${both(numbers)} (${at(ports[0]?.location ?? container.location)}).`,
      ...(ports.length === 1 ? { suggestion: `write ${address.host}:${ports[0]?.container.first}` } : {}),
    };
  }
  if (isOwnHost(address.host)) {
    if (config.container === undefined || listensOn(config.container, address.port)) return undefined;
    const meant = [...context.containers.values()].find((candidate) => listensOn(candidate, address.port));
    return {
      code: 'address-mismatch',
      message: `${leads}, which in a container is ${config.container.name} itself.`,
      ...(meant === undefined ? {} : { suggestion: `write ${meant.name}:${address.port}` }),
    };
  }
  // Names with a dot are of machines elsewhere, which may well be meant.
  if (address.host.includes('.') || address.host.startsWith('[')) return undefined;
  return {
    code: 'unknown-host',
    message: `${leads}, but no container is named ${quote(address.host)}.`,
    ...context.didYouMean(address.host, () => context.containers.keys()),
  };
}

function tcpPorts(container: ContainerManifest): ContainerManifest['ports'] {
  return container.ports.filter((port) => port.protocol === 'tcp');
}

function listensOn(container: ContainerManifest | JobManifest, port: number): boolean {
  return 'ports' in container && tcpPorts(container).some((own) => holds(own.container, port));
}

function holds(range: { first: number; last: number }, port: number): boolean {
  return range.first <= port && port <= range.last;
}
