import { expect, test } from 'vitest';
import { mediaPath } from './media-path.ts';

const container = {
  environment: { NODE_IP: '192.0.2.9' },
  ports: [
    { protocol: 'tcp' as const, host: { first: 7880, last: 7880 } },
    { protocol: 'udp' as const, host: { first: 50100, last: 50200 } },
  ],
};

test('a media check that fails names the address and the ports that media go to', () => {
  expect(mediaPath({ fields: { aspect: 'media' }, container })).toBe(
    'media go straight to 192.0.2.9, UDP 50100-50200: let them through, or name an address that leads there (node_ip)',
  );
});

test('other checks have nothing to do with media', () => {
  expect(mediaPath({ fields: { aspect: 'api' }, container })).toBeUndefined();
});
