import { expect, it } from 'vitest';
import { manifests, port, service } from '../../tests/fixtures/manifests.ts';
import type { WantedPort } from '../host/port.ts';
import { firstFree } from './choose-ports.ts';

const wanted = manifests({
  services: [
    service({
      role: 'realtime',
      ports: [
        port({ name: 'http', number: 7880 }),
        port({ name: 'media', number: 50100, last: 50200, protocol: 'udp', advertised: true }),
      ],
    }),
  ],
});

const held =
  (...numbers: readonly number[]) =>
  async (ports: readonly WantedPort[]): Promise<boolean> =>
    numbers.some((number) => ports.some(({ first, last }) => first <= number && number <= last));

it('is the first whose ports are free, and never that of the manifests', async () => {
  expect(await firstFree({ manifests: wanted, isTaken: held() })).toBe(1000);
  expect(await firstFree({ manifests: wanted, isTaken: held(8880, 52150) })).toBe(3000);
});

it('says so where there is none', async () => {
  await expect(firstFree({ manifests: wanted, isTaken: async () => true })).rejects.toMatchObject({
    code: 'no-free-ports',
    status: 1,
  });
});

it('tries a port once that is another one under other settings', async () => {
  const ports = [
    port({ name: 'rtmp', number: 1935 }),
    port({ name: 'rtmp_public', number: 1935, public: true }),
    port({ name: 'mux', number: 50100, protocol: 'udp' }),
    port({ name: 'range', number: 50100, last: 50200, protocol: 'udp' }),
  ];
  const asked: string[] = [];
  const isTaken = async (tried: readonly WantedPort[]) => {
    asked.push(...tried.map(({ bind, first, last }) => `${bind} ${first}-${last}`));
    return false;
  };
  await firstFree({ manifests: manifests({ services: [service({ role: 'one', ports })] }), isTaken });
  expect(asked).toEqual(['0.0.0.0 2935-2935', '127.0.0.1 51100-51200']);
});
