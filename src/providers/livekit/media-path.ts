import type { Provider } from '../provider.ts';

/** The path of media, for a failed media check: only the network between client and server carries them. */
export const mediaPath: NonNullable<Provider['hint']> = ({ fields, container }) => {
  if (fields.aspect !== 'media') return undefined;
  const { NODE_IP: address } = container.environment;
  const ports = container.ports
    .filter(({ protocol }) => protocol === 'udp')
    .map(({ host: { first, last } }) => (first === last ? `${first}` : `${first}-${last}`));
  if (address === undefined || ports.length === 0) return undefined;
  return `media go straight to ${address}, UDP ${ports.join(', ')}: let them through, or name an address that leads there (node_ip)`;
};
