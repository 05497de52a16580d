import { describe, expect, test } from 'vitest';
import type { Archive, Base } from './log-archive.ts';
import { chooseBase } from './recover.ts';

const base = (cluster: string, finishedAt: string): Base => ({
  format: 1,
  name: finishedAt,
  cluster,
  startedAt: finishedAt,
  finishedAt,
  version: '18.4',
  firstSegment: '000000010000000000000001',
  tar: { key: '', bytes: 1, sha256: '' },
});
const archives: readonly Archive[] = [
  {
    cluster: '7',
    bases: [base('7', '2026-11-28T02:00:00Z'), base('7', '2026-11-29T02:00:00Z')],
    segments: [],
  },
  { cluster: '8', bases: [base('8', '2026-11-30T02:00:00Z')], segments: [] },
];

describe('the base of a moment', () => {
  test('is the newest that was finished before it, of whichever cluster there was', () => {
    expect(chooseBase(archives, new Date('2026-11-29T12:00:00Z')).name).toBe('2026-11-29T02:00:00Z');
    expect(chooseBase(archives, new Date('2026-11-30T12:00:00Z')).cluster).toBe('8');
  });

  test('is missing before the first one, and the first moment that can be restored is named', () => {
    expect(() => chooseBase(archives, new Date('2026-11-01T00:00:00Z'))).toThrow(
      'the first moment that can be restored is 2026-11-28T02:00:00Z',
    );
    expect(() => chooseBase([], new Date())).toThrow('sql_point_in_time is off, or was turned on just now');
  });
});
