import { expect, it } from 'vitest';
import { joined, windowsOf } from './windows.ts';

it('cuts samples into windows and keeps what is left for later', () => {
  const split = windowsOf(4);
  expect(split(Int16Array.of(1, 2, 3))).toEqual([]);
  expect(split(Int16Array.of(4, 5, 6, 7, 8, 9))).toEqual([
    Int16Array.of(1, 2, 3, 4),
    Int16Array.of(5, 6, 7, 8),
  ]);
  expect(split(Int16Array.of(10, 11, 12))).toEqual([Int16Array.of(9, 10, 11, 12)]);
});

it('joins pieces in their order', () => {
  expect(joined([Int16Array.of(1), Int16Array.of(2, 3), new Int16Array(0)])).toEqual(Int16Array.of(1, 2, 3));
});
