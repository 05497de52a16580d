import { expect, it } from 'vitest';
import { againAfter } from './settle.ts';

it('waits longer after each delivery, up to a minute', () => {
  expect([1, 2, 3, 4, 5, 1_000].map(againAfter)).toEqual([1_000, 4_000, 16_000, 60_000, 60_000, 60_000]);
});
