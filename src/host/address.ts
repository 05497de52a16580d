import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { failed } from '../core/errors.ts';
import { publicAddress, stunServers } from './stun.ts';

/** An address of this machine, and how it was found, for people: `lan: 192.168.1.5 on eth0 (default route)`. */
export type FoundAddress = { value: string; note: string };

/**
 * Finds the IPv4 address under which others reach this machine. `lan`: the address of the default route. `public`: the
 * address that a STUN server on the internet sees.
 *
 * @param options.servers STUN servers as `host:port`; all are asked, the first answer counts
 * @param options.deadlineMilliseconds for the answer of a STUN server
 * @throws ArcError (exit status 1) `no-lan-address` or `no-public-address`
 */
export async function lookUpAddress(options: {
  mode: 'lan' | 'public';
  servers?: readonly string[];
  deadlineMilliseconds?: number;
}): Promise<FoundAddress> {
  switch (options.mode) {
    case 'lan':
      return lanAddress();
    case 'public': {
      const { servers = stunServers, deadlineMilliseconds = 3_000 } = options;
      const { address, server } = await publicAddress({ servers, deadlineMilliseconds });
      const place = interfaceOf(address);
      const reach = place ? `on ${place}` : 'behind NAT: the media ports must be forwarded';
      return { value: address, note: `public: ${address}, as seen by ${server} (${reach})` };
    }
    default:
      return options.mode satisfies never;
  }
}

async function lanAddress(): Promise<FoundAddress> {
  const address = await outgoingAddress();
  const place = address === undefined ? undefined : interfaceOf(address);
  if (address === undefined || place === undefined) {
    throw failed({
      code: 'no-lan-address',
      message: 'This machine has no default route, so it has no address on a network.',
      suggestion: 'connect it, or name the address: --set node_ip=192.168.1.5',
    });
  }
  return { value: address, note: `lan: ${address} on ${place} (default route)` };
}

/**
 * The address that a packet to the internet would leave from. Connecting a UDP socket asks the kernel's routing
 * table and sends nothing; 198.51.100.1 is an address for documentation (RFC 5737) that is nowhere in use.
 */
function outgoingAddress(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const answer = (address: string | undefined) => {
      socket.close();
      resolve(address);
    };
    socket.once('error', () => answer(undefined));
    socket.once('connect', () => answer(socket.address().address));
    socket.connect(9, '198.51.100.1');
  });
}

function interfaceOf(address: string): string | undefined {
  return Object.entries(networkInterfaces()).find(([, addresses]) =>
    addresses?.some((each) => each.address === address && !each.internal),
  )?.[0];
}
