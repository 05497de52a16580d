import { expect, test } from 'vitest';
import { addressKind } from './address-kind.ts';

test.each([
  ['127.0.0.1', 'loopback'],
  ['::1', 'loopback'],
  ['10.213.77.2', 'private'],
  ['172.31.0.1', 'private'],
  ['172.32.0.1', 'public'],
  ['192.168.1.5', 'private'],
  ['100.64.0.1', 'private'],
  ['169.254.1.1', 'private'],
  ['203.0.113.7', 'private'],
  ['8.8.8.8', 'public'],
  ['fd00::1', 'private'],
  ['fe80::1', 'private'],
  ['2606:4700::1111', 'public'],
] as const)('%s is %s', (address, kind) => {
  expect(addressKind(address)).toBe(kind);
});
