import { describe, expect, it } from 'vitest';
import { parseTurn, percentile, readSentences, readTurns, withPause } from '../bench/voice/turns.ts';

describe('the committed set', () => {
  it('has 100 turns, of which 20 have a pause inside, and 30 sentences', () => {
    const turns = readTurns();
    expect(turns).toHaveLength(100);
    expect(turns.filter(({ pause }) => pause !== undefined)).toHaveLength(20);
    expect(new Set(turns.map(({ text }) => text)).size).toBe(100);
    expect(readSentences()).toHaveLength(30);
  });

  it('begins with both kinds, so that a short run has both', () => {
    expect(
      readTurns()
        .slice(0, 5)
        .filter(({ pause }) => pause !== undefined),
    ).toHaveLength(1);
  });
});

it('a turn with a pause is one text', () => {
  expect(parseTurn('So, |250| is it?\tyes')).toEqual({
    text: 'So, is it?',
    answer: /yes/i,
    pause: { afterText: 'So,', milliseconds: 250 },
  });
});

it('a pause goes where the voice is quietest', () => {
  const samples = new Int16Array(16_000).fill(1000);
  samples.fill(0, 8_480, 8_640);
  const paused = withPause({ samples, share: 0.5, milliseconds: 100 });
  expect(paused).toHaveLength(17_600);
  expect(paused.indexOf(0)).toBe(8_480);
  expect(paused.lastIndexOf(0)).toBe(8_640 + 1_600 - 1);
});

it('a percentile is one of the values', () => {
  expect(percentile([3, 1, 2, 4], 0.5)).toBe(2);
  expect(percentile([3, 1, 2, 4], 0.95)).toBe(4);
});
