import { expect, test } from 'vitest';
import { bindOverlap } from './bind-overlap.ts';

test.each([
  ['127.0.0.1', '127.0.0.1', 'sure'],
  ['127.0.0.1', '0.0.0.0', 'sure'],
  ['0.0.0.0', '127.0.0.1', 'sure'],
  ['127.0.0.1', '192.168.1.5', 'no'],
  ['127.0.0.1', '127.0.0.2', 'no'],
  ['::', '0.0.0.0', 'maybe'],
  ['::', '127.0.0.1', 'maybe'],
  ['0.0.0.0', '::', 'maybe'],
  ['::', '::1', 'sure'],
  ['::1', '127.0.0.1', 'no'],
  ['::1', '0.0.0.0', 'no'],
  ['FE80::1', 'fe80::1', 'sure'],
  ['::ffff:127.0.0.1', '127.0.0.1', 'sure'],
  ['::ffff:7f00:1', '0.0.0.0', 'sure'],
  ['localhost', '127.0.0.1', 'sure'],
  ['', '127.0.0.1', 'sure'],
])('%s and %s on one port: %s', (left, right, expected) => {
  expect(bindOverlap(left, right)).toBe(expected);
});
