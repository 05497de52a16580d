import { describe, expect, it } from 'vitest';
import { tokenize } from './wordpiece.ts';

const vocabulary = { '[CLS]': 101, '[SEP]': 102, '[UNK]': 100, stack: 1, '##s': 2, is: 3, '?': 4, cafe: 5 };
const ids = (text: string) => tokenize({ text, vocabulary }).slice(1, -1);

describe('words in pieces', () => {
  it('takes the longest pieces that it knows', () => expect(ids('Stacks')).toEqual([1, 2]));
  it('takes marks as words, and no accents', () => expect(ids('is café?')).toEqual([3, 5, 4]));
  it('does not know a word of which it does not know a piece', () =>
    expect(ids('stackz is')).toEqual([100, 3]));
  it('puts the marks of beginning and end around', () =>
    expect(tokenize({ text: '', vocabulary })).toEqual([101, 102]));
  it('cuts a text that is longer than the model takes', () =>
    expect(tokenize({ text: 'is '.repeat(1000), vocabulary })).toHaveLength(256));
});
