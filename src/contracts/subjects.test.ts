import { expect, test } from 'vitest';
import { covers, overlap } from './subjects.ts';

test.each([
  ['a.b', 'a.b', true],
  ['a.b', 'a.c', false],
  ['a.*', 'a.b', true],
  ['a.*', 'a.b.c', false],
  ['a.>', 'a.b.c', true],
  ['a.>', 'a', false],
  ['a.*.c', 'a.b.c', true],
  ['a.*', 'a.>', false],
  ['a.>', 'a.*', true],
])('%s covers %s: %s', (pattern, subject, expected) => {
  expect(covers(pattern, subject)).toBe(expected);
});

test.each([
  ['a.b', 'a.b', true],
  ['a.*', '*.b', true],
  ['a.*.c', 'a.b.*', true],
  ['a.*', 'a.b.c', false],
  ['a.>', 'a.b.c', true],
  ['a.>', 'a', false],
  ['a.b.>', 'a.c.>', false],
  // What the platform's first list of wildcards had: the one is part of the other.
  ['*.*.error', 'system.*.error', true],
])('%s and %s overlap: %s', (one, other, expected) => {
  expect(overlap(one, other)).toBe(expected);
  expect(overlap(other, one)).toBe(expected);
});
