import { expect, it } from 'vitest';
import { asPattern } from './as-pattern.ts';

it('matches a text alone, whatever characters it has', () => {
  const text = 'a.b+c (d) [e] {f}|^$*?\\g';
  expect(new RegExp(`^${asPattern(text)}$`).test(text)).toBe(true);
  expect(new RegExp(`^${asPattern('a.b')}$`).test('axb')).toBe(false);
});
