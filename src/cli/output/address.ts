import type { ResolvedPort } from '../../stack/model.ts';

type Published = Pick<ResolvedPort, 'bind' | 'host' | 'protocol'>;

/** How a published port is shown: `127.0.0.1:7880`, `0.0.0.0:50100-50200/udp`. */
export function formatAddress({ bind, host, protocol }: Published): string {
  const range = host.first === host.last ? String(host.first) : `${host.first}-${host.last}`;
  return `${bind}:${range}${protocol === 'udp' ? '/udp' : ''}`;
}
