import { expect, test } from 'vitest';
import { ageText } from './age.ts';

test.each([
  [-5_000, '0 s'],
  [42_400, '42 s'],
  [119_000, '119 s'],
  [120_000, '2 min'],
  [7_199_000, '119 min'],
  [7_200_000, '2 h'],
  [172_800_000, '2 d'],
])('%d ms reads "%s"', (milliseconds, text) => {
  expect(ageText(milliseconds)).toBe(text);
});
