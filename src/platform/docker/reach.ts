import { networkInterfaces } from 'node:os';
import { type Address, hostFor, lasting, type PortName } from '../../core/address.ts';
import { type ArcError, failed } from '../../core/errors.ts';
import type { ResolvedContainer, ResolvedPort, ResolvedStack } from '../../stack/model.ts';
import type { Platform } from '../platform.ts';
import { type Endpoint, isLocal } from './endpoint.ts';
import type { ContainerInspection, Engine } from './engine.ts';
import type { ObservedContainer } from './snapshot.ts';

/**
 * How this machine gets to a port of a container on a Docker Engine: over the published port, whose address is known
 * without a question to the Engine, or else by the container's own address in its network.
 *
 * @param options.stack says which port has which number in the container, and where it will be published
 * @param options.observed containers that run and stay as they are: where their ports are published counts, whatever the
 *   stack says now. What is not among them is made from the stack
 * @param options.endpoint where the Engine is asked
 * @param options.addresses addresses of this machine. A container's own address leads to it where the gateway of its
 *   network is one of them, which it is not where the Engine runs in a virtual machine or without root
 */
export function dockerReach(options: {
  stack: Pick<ResolvedStack, 'network' | 'containers'>;
  observed: readonly ObservedContainer[];
  engine: Pick<Engine, 'inspectContainer'>;
  endpoint: Pick<Endpoint, 'address'>;
  addresses?: () => ReadonlySet<string>;
}): Platform['reach'] {
  const { stack, engine, endpoint, addresses = ownAddresses } = options;
  const observed = new Map(
    options.observed.flatMap((one) =>
      one.role !== undefined && one.state === 'running' ? [[one.role, one]] : [],
    ),
  );
  return async (to) => {
    const { container, port } = find(stack, to);
    const published = publishedAt({ port, observed: observed.get(to.role) });
    if (published !== undefined) return lasting(published);
    const { name } = container;
    const inspected = await engine.inspectContainer({ name });
    const inside = insideOf({ inspected, network: stack.network });
    if (inside === undefined) throw noAddress({ name, network: stack.network, at: to });
    const leads = isLocal(endpoint) && addresses().has(inside.gateway);
    if (!leads) throw notReachable({ name, at: to });
    return lasting({ host: inside.address, port: port.container.first });
  };
}

function find(
  stack: Pick<ResolvedStack, 'containers'>,
  at: PortName,
): { container: ResolvedContainer; port: ResolvedPort } {
  const container = stack.containers.find(({ role }) => role === at.role);
  const port = container?.ports.find(({ name }) => name === at.port);
  if (container !== undefined && port !== undefined) return { container, port };
  throw failed({ code: 'unknown-port', message: `The stack has no port ${at.port} of ${at.role}.` });
}

function publishedAt(options: {
  port: ResolvedPort;
  observed: ObservedContainer | undefined;
}): Address | undefined {
  const { port, observed } = options;
  if (observed === undefined) return { host: hostFor(port.bind), port: port.host.first };
  const found = observed.published?.find(({ container }) => container === port.container.first);
  return found && { host: hostFor(found.bind), port: found.host };
}

function insideOf(options: { inspected: ContainerInspection | undefined; network: string }) {
  return options.inspected?.networks.find(({ name }) => name === options.network);
}

/** Of all interfaces, the Engine's bridges among them where it runs here. */
function ownAddresses(): ReadonlySet<string> {
  return new Set(
    Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? []),
  );
}

function noAddress(options: { name: string; network: string; at: PortName }): ArcError {
  const { name, network, at } = options;
  return failed({
    code: 'no-address',
    message: `${name} has no address on ${network}, so its port ${at.port} cannot be reached.`,
    suggestion: '`arc status` shows whether it runs',
  });
}

function notReachable(options: { name: string; at: PortName }): ArcError {
  const { name, at } = options;
  return failed({
    code: 'port-out-of-reach',
    message: `The port ${at.port} of ${name} is not published, and the Engine's networks do not lead here.`,
    suggestion: 'remove `publish: false` from the port, or run arc on the machine of the Engine',
  });
}
