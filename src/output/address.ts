import type { ResolvedPort } from '../stack/model.ts';

/** How a published port is shown: `127.0.0.1:7880`, `0.0.0.0:50100-50200/udp`. */
export function formatAddress({ bind, host, protocol }: ResolvedPort): string {
  const range = host.first === host.last ? String(host.first) : `${host.first}-${host.last}`;
  return `${bind}:${range}${protocol === 'udp' ? '/udp' : ''}`;
}
