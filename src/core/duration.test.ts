import { expect, test } from 'vitest';
import { parseDuration } from './duration.ts';

test.each([
  ['500ms', 500],
  ['1.5s', 1_500],
  ['90s', 90_000],
  ['5m', 300_000],
  ['6h', 21_600_000],
  ['2d', 172_800_000],
])('%s is %d ms', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(['', '90', 's', '1 s', '-1s', '1,5s', '1w', '1S', '1e3s', 'soon'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});
