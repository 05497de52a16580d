import { expect, test } from 'vitest';
import { isLoaded, momentOf } from './loaded.ts';

const newest = Date.parse('2026-11-30T02:00:00.500Z');
const time = { kind: 'time', newest } as const;

test.each([
  ['2026-11-30T02:00:00.500Z', true],
  ['2026-11-30T02:00:00.499999Z', false],
  ['2026-11-30T03:00:01+01:00', true],
  // Seconds alone cannot tell, so the program is asked to load once more.
  ['2026-11-30T02:00:00Z', false],
  [String(newest / 1000), true],
  ['1.7e+09', false],
  ['soon', false],
  [undefined, false],
])('a load at %s proves a file of 02:00:00.500: %s', (mark, proved) => {
  expect(isLoaded({ mark, wanted: time, canAsk: true })).toBe(proved);
});

test('whole seconds have to do where a program only watches its files', () => {
  const proves = (mark: string) => isLoaded({ mark, wanted: time, canAsk: false });
  expect(proves('2026-11-30T02:00:00Z')).toBe(true);
  expect(proves('2026-11-30T01:59:59Z')).toBe(false);
  expect(proves('2026-11-30T02:00:00.400Z')).toBe(false);
});

test('a digest proves the very file, however its letters are written', () => {
  const wanted = { kind: 'digest', digest: 'ab12' } as const;
  expect(isLoaded({ mark: 'AB12', wanted, canAsk: true })).toBe(true);
  expect(isLoaded({ mark: 'ab13', wanted, canAsk: true })).toBe(false);
});

test('moments are read as programs write them', () => {
  expect(momentOf('1.764468000e+09')).toBe(1_764_468_000_000);
  expect(momentOf('1970-01-01T00:00:01Z')).toBe(1000);
  expect(momentOf('')).toBeUndefined();
});
