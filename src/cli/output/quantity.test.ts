import { expect, test } from 'vitest';
import { quantity } from './quantity.ts';

test.each([
  [0.0123, 'seconds', '12.3 ms'],
  [0, 'seconds', '0 s'],
  [75, 'seconds', '75 s'],
  [1234, 'milliseconds', '1.23 s'],
  [0.4567, 'percent', '0.457 %'],
  [38043336704, 'bytes', '38 GB'],
  [999, 'bytes', '999 B'],
  [2.5, 'per-second', '2.5/s'],
  [12345, 'count', '12345'],
  [1, 'state', 'up'],
  [0, 'state', 'down'],
  [Number.NaN, 'milliseconds', '–'],
  [Infinity, 'count', '∞'],
] as const)('%f in %s is %s', (value, unit, expected) => {
  expect(quantity(value, unit)).toBe(expected);
});
