import { BlockList, isIPv6 } from 'node:net';

/** How far an address of IP leads: nowhere else, within one network, or, as far as it tells, everywhere. */
export type AddressKind = 'loopback' | 'private' | 'public';

/** IANA's registries of special-purpose addresses (RFC 6890). */
const loopback = listOf(['127.0.0.0/8', '0.0.0.0/8', '::1/128', '::/128']);
const restricted = listOf([
  // Private networks, providers' own (RFC 6598), what a machine gives itself, documentation, benchmarks, the future.
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'],
  ...['192.0.0.0/24', '192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '198.18.0.0/15', '240.0.0.0/4'],
  ...['fc00::/7', 'fe80::/10', '2001:db8::/32', '100::/64'],
]);

export function addressKind(address: string): AddressKind {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  if (loopback.check(address, family)) return 'loopback';
  return restricted.check(address, family) ? 'private' : 'public';
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}
