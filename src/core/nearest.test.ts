import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

test.each([
  ['thnk', 'think'],
  ['cahce', 'cache'],
  ['Realtime', 'realtime'],
  ['realtime-ingres', 'realtime-ingress'],
  ['gateway', undefined],
  ['', undefined],
])('%s → %s', (name, meant) => {
  expect(nearest(name, ['think', 'cache', 'realtime', 'realtime-ingress'])).toBe(meant);
});
