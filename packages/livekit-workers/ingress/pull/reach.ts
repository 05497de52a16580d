import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/**
 * What no URL may reach: the worker's own machine or container, and link-local addresses, among them those where clouds
 * keep the credentials of a machine. Private networks may be reached, for cameras, file servers and the stack's own
 * storage are there. IPv4 in IPv6 counts as what it is.
 */
const closed = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  // Multicast, and what is reserved behind it with broadcast.
  ['224.0.0.0', 3],
] as const)
  closed.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 127],
  ['fe80::', 10],
  // AWS's metadata service.
  ['fd00:ec2::254', 128],
  ['ff00::', 8],
] as const)
  closed.addSubnet(network, prefix, 'ipv6');

/** @param address of IPv4 or IPv6, without brackets */
export function mayReach(address: string): boolean {
  const family = isIP(address.replace(/%.*$/, ''));
  if (family === 0) return false;
  return !closed.check(address.replace(/%.*$/, ''), family === 4 ? 'ipv4' : 'ipv6');
}

/** What an attempt to reach something came to, in words for whoever gave the URL. */
export class UnreachableError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnreachableError';
  }
}

/**
 * Addresses of a host that may be reached. To be connected to as they are: a name that is asked for again may answer differently.
 *
 * @throws UnreachableError
 */
export async function addressesOf(host: string): Promise<readonly { address: string; family: number }[]> {
  const name = host.replace(/^\[|\]$/g, '');
  const found = await lookup(name, { all: true }).catch((cause) => {
    throw new UnreachableError(`${name} is not known`, { cause });
  });
  const open = found.filter(({ address }) => mayReach(address));
  if (open.length === 0) throw new UnreachableError(`${name} is an address that no URL may reach`);
  return open;
}
