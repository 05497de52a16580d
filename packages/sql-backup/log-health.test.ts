import { describe, expect, test } from 'vitest';
import type { Archive, Base } from './log-archive.ts';
import { judgeLog, needsBase } from './log-health.ts';

const name = (number: number) =>
  `0000000100000000000000${number.toString(16).toUpperCase().padStart(2, '0')}`;
const segments = (...numbers: number[]) =>
  numbers.map((number) => ({ name: name(number), at: new Date(0), key: '' }));
const base = (day: string, first: number): Base => ({
  format: 1,
  name: day,
  cluster: '7',
  startedAt: `${day}T02:00:00Z`,
  finishedAt: `${day}T02:10:00Z`,
  version: '18.4',
  firstSegment: name(first),
  tar: { key: '', bytes: 1, sha256: '' },
});
const now = new Date('2026-11-30T12:00:00Z');
const since = new Date('2026-11-01T00:00:00Z');
const judge = (archive: Partial<Archive>, more: Partial<Parameters<typeof judgeLog>[0]> = {}) =>
  judgeLog({
    archive: { cluster: '7', bases: [], segments: [], ...archive },
    state: {},
    since,
    now,
    ...more,
  });

describe('any second can be restored', () => {
  test('since the oldest base from which the log is whole', () => {
    const archive = { bases: [base('2026-11-28', 1), base('2026-11-29', 4)], segments: segments(1, 2, 4, 5) };
    expect(judge(archive)).toEqual({
      ok: true,
      said: ['any second since 2026-11-29T02:10:00Z can be restored'],
    });
  });

  test('not before the first base, which may take an hour', () => {
    const young = new Date('2026-11-30T11:30:00Z');
    expect(judge({}, { since: young })).toEqual({ ok: true, said: ['no second can be restored yet'] });
    expect(judge({})).toMatchObject({ ok: false, said: ['there is no base backup', expect.anything()] });
  });
});

describe('the log of changes is not well', () => {
  test('where a segment is missing since the last base, and another base is due', () => {
    const archive = { bases: [base('2026-11-29', 4)], segments: segments(4, 6) };
    expect(judge(archive)).toMatchObject({
      ok: false,
      said: [expect.stringContaining('has a gap'), expect.anything()],
    });
    expect(needsBase(archive, {})).toBe(true);
    expect(needsBase({ ...archive, segments: segments(4, 5, 6) }, {})).toBe(false);
  });

  test('where the server began to keep it anew after the last base', () => {
    const archive = { bases: [base('2026-11-29', 4)], segments: segments(4) };
    const state = { begunAnew: new Date('2026-11-30T11:00:00Z') };
    expect(judge(archive, { state })).toEqual({
      ok: false,
      said: [expect.stringContaining('has a gap'), 'no second can be restored yet'],
    });
    expect(needsBase({ ...archive, bases: [base('2026-12-01', 4)] }, state)).toBe(false);
  });

  test('where it has not come through for five minutes, and why', () => {
    const archive = { bases: [base('2026-11-29', 4)], segments: segments(4) };
    const failing = { since: new Date('2026-11-30T11:00:00Z'), reason: 'the storage is full' };
    expect(judge(archive, { state: { failing } }).said[0]).toBe(
      'the log of changes has not come through since 2026-11-30T11:00:00.000Z: the storage is full',
    );
    const short = { ...failing, since: new Date('2026-11-30T11:58:00Z') };
    expect(judge(archive, { state: { failing: short } }).ok).toBe(true);
  });
});
