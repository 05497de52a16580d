import { describe, expect, test } from 'vitest';
import type { Archive, Base } from './log-archive.ts';
import { expiredLog } from './log-retention.ts';

const segment = (name: string) => ({ name, at: new Date(0), key: `wal/${name}` });
const base = (day: string, firstSegment: string): Base => ({
  format: 1,
  name: day,
  cluster: '7',
  startedAt: `${day}T02:00:00Z`,
  finishedAt: `${day}T02:10:00Z`,
  version: '18.4',
  firstSegment,
  tar: { key: `base/${day}/base.tar.gz`, bytes: 1, sha256: '' },
});
const archive: Archive = {
  cluster: '7',
  bases: [base('2026-11-20', 'A'), base('2026-11-22', 'C'), base('2026-11-29', 'E')],
  segments: ['A', 'B', 'C', 'D', 'E'].map(segment),
};
const now = new Date('2026-11-30T12:00:00Z');

describe('what is kept to go back to a second', () => {
  test('is the base before the days that are kept, and the log from it on', () => {
    expect(expiredLog({ archives: [archive], cluster: '7', keepDays: 7, now })).toEqual([
      'base/2026-11-20/base.json',
      'base/2026-11-20/base.tar.gz',
      'wal/A',
      'wal/B',
    ]);
  });

  test('is all of the log while there is no base yet', () => {
    const young = { ...archive, bases: [] };
    expect(expiredLog({ archives: [young], cluster: '7', keepDays: 7, now })).toEqual([]);
  });

  test('of a cluster that is gone is kept for the same days, and goes as a whole then', () => {
    expect(expiredLog({ archives: [archive], cluster: '8', keepDays: 7, now })).toContain('wal/A');
    const gone = expiredLog({ archives: [archive], cluster: '8', keepDays: 0, now });
    expect(gone).toHaveLength(11);
  });
});
