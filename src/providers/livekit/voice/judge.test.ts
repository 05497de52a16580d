import { describe, expect, it } from 'vitest';
import { isRight, wordErrors } from './judge.ts';

const expected = /rooms? (is|are) open/i;

describe('an answer', () => {
  it.each([
    ['is right where it was heard so', 'one room is open', undefined, true],
    [
      'is right where ears missed a word of it',
      'one run is open with one percent',
      'one room is open with one person',
      true,
    ],
    ['is wrong where the agent said something else', 'one run is open', 'i do not know', false],
    [
      'is wrong where something else was heard than the agent says',
      'i do not know it',
      'one room is open with one person',
      false,
    ],
    ['is wrong where nobody tells what was said', 'one run is open', undefined, false],
  ])('%s', (_, heard, said, right) => {
    expect(isRight({ heard, said, expected })).toBe(right);
  });
});

it.each([
  ['a b c', 'a b c', 0],
  ['a b c', 'a x c', 1],
  ['a b c', 'a c', 1],
  ['a b c', 'a b b c', 1],
  ['a b', '', 2],
])('"%s" heard as "%s" has %i wrong words', (said, heard, errors) => {
  expect(wordErrors(said.split(' '), heard.split(' ').filter(Boolean))).toBe(errors);
});
