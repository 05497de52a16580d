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
