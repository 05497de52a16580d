import { networkInterfaces } from 'node:os';
import { type ArcError, failed } from '../../core/errors.ts';
import {
  hostFor,
  lasting,
  type PortName,
  type Reached,
  type SocketAddress,
} from '../../core/socket-address.ts';
import type { ResolvedContainer } from '../../stack/model.ts';
import type { Platform } from '../platform.ts';
import type { DockerConnection } from './connect.ts';
import { engineHost, isLocal } from './endpoint.ts';
import type { ContainerInspection, Engine } from './engine.ts';
import type { ObservedContainer } from './snapshot.ts';
import { openForward } from './ssh/forward.ts';

/**
 * Finds how this machine reaches a port of a container on a Docker Engine: the published port, whose address is known
 * without asking the Engine, or the container's own address in its network. Both are addresses of the Engine's machine.
 * Over SSH, arc forwards a connection from there; over TCP, only ports on an address that others can reach work.
 *
 * @param options.stack says which port has which number in the container, and where it will be published
 * @param options.observed containers that run and stay as they are: where their ports are published counts, whatever
 *   the stack says now. What is not among them is made from the stack
 * @param options.connection where the Engine is asked, and how
 * @param options.addresses addresses of this machine. A container's own address leads to it where the gateway of its
 *   network is one of them, which it is not where the Engine runs in a virtual machine or without root
 */
export function dockerReach(options: {
  stack: { network: string; containers: readonly ReachableContainer[] };
  observed: readonly ObservedContainer[];
  engine: Pick<Engine, 'inspectContainer'>;
  connection: Way;
  addresses?: () => ReadonlySet<string>;
}): Platform['reach'] {
  const { stack, engine, connection, addresses = ownAddresses } = options;
  const observed = new Map(
    options.observed.flatMap((one) =>
      one.role !== undefined && one.state === 'running' ? [[one.role, one]] : [],
    ),
  );
  return async (to, signal) => {
    const { name, number, wanted } = find(stack, to);
    const running = observed.get(to.role);
    const published =
      running === undefined ? wanted : running.published?.find(({ container }) => container === number);
    if (published !== undefined) return overPublished({ connection, published, name, at: to, signal });
    const inspected = await engine.inspectContainer({ name });
    const inside = insideOf({ inspected, network: stack.network });
    if (inside === undefined) throw noAddress({ name, network: stack.network, at: to });
    const address = { host: inside.address, port: number };
    if (connection.ssh) return openForward({ link: connection.ssh, to: address, signal });
    const leads = isLocal(connection.endpoint) && addresses().has(inside.gateway);
    if (!leads) throw notReachable({ name, at: to });
    return lasting(address);
  };
}

/** What has to be known of a container to find the way to its ports. */
export type ReachableContainer = Pick<ResolvedContainer, 'role' | 'name' | 'ports' | 'innerPorts'>;

type Way = { endpoint: Pick<DockerConnection['endpoint'], 'address'>; ssh?: DockerConnection['ssh'] };

/** A port that is published on an address of the Engine's machine. */
type Published = { bind: string; host: number };

async function overPublished(options: {
  connection: Way;
  published: Published;
  name: string;
  at: PortName;
  signal: AbortSignal;
}): Promise<Reached> {
  const { connection, published, name, at, signal } = options;
  const there = { host: hostFor(published.bind), port: published.host };
  if (connection.ssh) return openForward({ link: connection.ssh, to: there, signal });
  if (isLocal(connection.endpoint)) return lasting(there);
  const from = addressFromHere({ published, engine: engineHost(connection.endpoint) });
  if (from === undefined) throw onlyThere({ name, at, published, endpoint: connection.endpoint });
  return lasting(from);
}

/** Nothing where only the machine of the Engine itself gets to the port. */
function addressFromHere(options: { published: Published; engine: string }): SocketAddress | undefined {
  const { published, engine } = options;
  const { bind, host: port } = published;
  if (bind === '0.0.0.0' || bind === '::') return { host: engine, port };
  if (!isLoopback(bind)) return { host: bind, port };
  // Another Engine of this machine, most likely.
  return isLoopback(engine) ? { host: hostFor(bind), port } : undefined;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** A port by its name: its number in the container, and its binding according to the stack. */
function find(
  stack: { containers: readonly ReachableContainer[] },
  at: PortName,
): { name: string; number: number; wanted: Published | undefined } {
  const container = stack.containers.find(({ role }) => role === at.role);
  const isMeant = ({ name }: { name: string }): boolean => name === at.port;
  const port = container?.ports.find(isMeant);
  const number = (port ?? container?.innerPorts.find(isMeant))?.container.first;
  if (container === undefined || number === undefined)
    throw failed({ code: 'unknown-port', message: `The stack has no port ${at.port} of ${at.role}.` });
  const wanted = port && { bind: port.bind, host: port.host.first };
  return { name: container.name, number, wanted };
}

function insideOf(options: { inspected: ContainerInspection | undefined; network: string }) {
  return options.inspected?.networks.find(({ name }) => name === options.network);
}

/** Addresses of all interfaces, including the Engine's bridges if it runs here. */
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

function onlyThere(options: {
  name: string;
  at: PortName;
  published: Published;
  endpoint: Way['endpoint'];
}): ArcError {
  const { name, at, published, endpoint } = options;
  return failed({
    code: 'port-out-of-reach',
    message: `The port ${at.port} of ${name} is published on ${published.bind} of the Engine's machine alone, and ${endpoint.address} leads to nothing but the Engine.`,
    suggestion: `reach that Engine over SSH (DOCKER_HOST=ssh://${engineHost(endpoint)}), or give the port \`public: true\` and boot a profile with \`production: true\``,
  });
}
