import { expect, it } from 'vitest';
import { formatElapsed } from './renderer.ts';

it.each([
  [420, '0.42s'],
  [9_994, '9.99s'],
  [9_996, '10.0s'],
  [59_940, '59.9s'],
  [59_960, '1m00s'],
  [185_000, '3m05s'],
  [299_700, '5m00s'],
])('%d ms are shown as %s', (milliseconds, shown) => {
  expect(formatElapsed(milliseconds)).toBe(shown);
});
