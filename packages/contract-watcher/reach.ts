import { Resolver } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import type { WatchedContainer } from './config.ts';

/** How a container is, as far as its ports say. Nothing answers to the name of one that is not there. */
export type Reached = 'healthy' | 'unhealthy' | 'absent';

/** Milliseconds for one connection within one network. */
const patience = 2_000;

/**
 * The Engine knows its containers' names itself, and asks another server for any other, which may take long. So names
 * are not looked up with the system's own function: it has few threads, and the names of absent containers would hold up
 * those of the others.
 */
const resolver = new Resolver({ timeout: 1_000, tries: 1 });

/** Asks a container's ports one after the other until one takes a connection. */
export async function reach(container: Pick<WatchedContainer, 'host' | 'ports'>): Promise<Reached> {
  const address = await addressOf(container.host);
  if (address === undefined) return 'absent';
  for (const port of container.ports) if (await listens({ host: address, port })) return 'healthy';
  return 'unhealthy';
}

async function addressOf(host: string): Promise<string | undefined> {
  if (isIP(host) !== 0) return host;
  try {
    const [address] = await resolver.resolve4(host);
    return address;
  } catch {
    return undefined;
  }
}

function listens(options: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(options);
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(patience, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
