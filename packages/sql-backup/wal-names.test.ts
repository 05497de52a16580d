import { describe, expect, test } from 'vitest';
import { isSegment, missingSegment, nextSegment } from './wal-names.ts';

describe('a segment of the log', () => {
  test('is followed by the next number, also where that begins another 4 GiB', () => {
    expect(nextSegment('000000010000000000000009')).toBe('00000001000000000000000A');
    expect(nextSegment('0000000100000002000000FF')).toBe('000000010000000300000000');
  });

  test('is told from other files of the log', () => {
    expect(isSegment('00000001000000000000000A')).toBe(true);
    expect(isSegment('00000001000000000000000A.partial')).toBe(false);
    expect(isSegment('00000002.history')).toBe(false);
  });
});

describe('the segments since a base backup', () => {
  const first = '000000010000000000000003';
  const [second, third] = ['000000010000000000000004', '000000010000000000000005'];

  test('are whole while each follows the one before, whatever came earlier', () => {
    expect(missingSegment({ first, segments: ['000000010000000000000001', first, second] })).toBeUndefined();
    expect(missingSegment({ first, segments: [] })).toBeUndefined();
  });

  test('lack the first one that does not', () => {
    expect(missingSegment({ first, segments: [first, third] })).toBe(second);
    expect(missingSegment({ first, segments: [second, third] })).toBe(first);
  });
});
