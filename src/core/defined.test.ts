import { expect, test } from 'vitest';
import { defined } from './defined.ts';

test('leaves out what is absent, and nothing else', () => {
  expect(Object.keys(defined({ a: undefined, b: 0, c: '', d: false, e: null }))).toEqual([
    'b',
    'c',
    'd',
    'e',
  ]);
});
