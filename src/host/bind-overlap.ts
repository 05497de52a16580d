import { isIPv4 } from 'node:net';

/**
 * Whether two binds of one port and protocol stand in each other's way.
 *
 * - `sure`: the kernel refuses the second one
 * - `maybe`: one is the IPv6 wildcard, which takes IPv4 along unless its owner has set IPV6_V6ONLY;
 *   /proc does not show that, so only trying tells
 * - `no`: different addresses, or different families
 */
export function bindOverlap(left: string, right: string): 'sure' | 'maybe' | 'no' {
  const [a, b] = [normalise(left), normalise(right)];
  if (a === b) return 'sure';
  if (isIPv4(a) === isIPv4(b)) return isWildcard(a) || isWildcard(b) ? 'sure' : 'no';
  return a === '::' || b === '::' ? 'maybe' : 'no';
}

/** `localhost`, an empty address and IPv4 inside IPv6, each as the address that it means. */
function normalise(address: string): string {
  if (address === '') return '0.0.0.0';
  if (address === 'localhost') return '127.0.0.1';
  const mapped = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([\da-f]{1,4}):([\da-f]{1,4}))$/i.exec(address);
  if (!mapped) return address.toLowerCase();
  const [, dotted, high = '0', low = '0'] = mapped;
  if (dotted !== undefined) return dotted;
  const [left, right] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [left >> 8, left & 0xff, right >> 8, right & 0xff].join('.');
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}
