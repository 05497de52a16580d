import { describe, expect, it } from 'vitest';
import { chunksOf } from './chunks.ts';
import { clausesOf, phonemeIds, sentencesOf } from './phonemes.ts';

describe('a text', () => {
  it('is spoken in sentences, and a point inside of a number ends none', () => {
    expect(sentencesOf('It took 1.5 s. Is that much? No!\nGood.')).toEqual([
      'It took 1.5 s.',
      'Is that much?',
      'No!',
      'Good.',
    ]);
  });

  it('keeps the marks that make a pause, of which a time has none', () => {
    expect(clausesOf('Hello, world: it is 14:05...')).toEqual([
      { text: 'Hello', mark: ',' },
      { text: 'world', mark: ':' },
      { text: 'it is 14:05', mark: '.' },
    ]);
    expect(clausesOf(' ... ')).toEqual([]);
  });

  it('has a pad after each phoneme, and leaves out what the voice does not know', () => {
    const map = { '^': [1], $: [2], _: [0], a: [14], b: [15] };
    expect(phonemeIds({ phonemes: 'a%b', map })).toEqual([1, 0, 14, 0, 15, 0, 2]);
  });
});

describe('the pieces of a sentence', () => {
  it.each([1, 23, 24, 25, 500])('cover %i frames, each once and in order', (frames) => {
    const kept = chunksOf(frames).flatMap(({ keepFrom, keepTo }) =>
      Array.from({ length: keepTo - keepFrom }, (_, index) => keepFrom + index),
    );
    expect(kept).toEqual(Array.from({ length: frames }, (_, index) => index));
  });

  it('are decoded with what is heard around them', () => {
    expect(chunksOf(100)[1]).toEqual({ from: 12, to: 76, keepFrom: 24, keepTo: 64 });
  });

  it('begin with a small one, so that the first sound comes soon', () => {
    expect(
      chunksOf(1000)
        .map(({ keepFrom, keepTo }) => keepTo - keepFrom)
        .slice(0, 6),
    ).toEqual([24, 40, 64, 96, 128, 128]);
  });
});
