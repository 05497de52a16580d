import { describe, expect, test } from 'vitest';
import { judge, type Known } from './health.ts';
import { parseSchedule } from './schedule.ts';

const now = new Date('2026-11-30T12:00:00Z');
const since = new Date('2026-11-01T00:00:00Z');

function backup(time: string, verified?: { at: string; ok: boolean; problems?: string[] }): Known {
  const at = new Date(`2026-11-${time}:00Z`);
  const name = at.toISOString().slice(0, 10);
  if (verified === undefined) return { name, at };
  const { ok, problems = [] } = verified;
  return { name, at, verified: { at: new Date(`2026-11-${verified.at}:00Z`), ok, problems } };
}

function judged(options: { backups: readonly Known[]; since?: Date; lastFailure?: string }) {
  const [nightly, weekly] = [parseSchedule('0 2 * * *'), parseSchedule('30 2 * * 0')];
  return judge({ since, ...options, backup: nightly, verify: weekly, now });
}

const proven = backup('29T02:00', { at: '29T02:30', ok: true });

describe('backups are well', () => {
  test('while the last run is there and one was verified when it was due', () => {
    expect(judged({ backups: [proven, backup('30T02:00')] })).toEqual({
      ok: true,
      said: 'last backup 10 h ago; 2026-11-29 verified 33 h ago',
    });
  });

  test('where nothing was due yet', () => {
    expect(judged({ backups: [], since: new Date('2026-11-30T11:00:00Z') })).toEqual({
      ok: true,
      said: 'no backup yet; none verified yet',
    });
  });
});

describe('backups are not well', () => {
  test('where a run was missed, and why', () => {
    expect(judged({ backups: [proven], lastFailure: 'the storage is full' })).toEqual({
      ok: false,
      said: 'the backup of 2026-11-30 02:00 UTC was missed: the storage is full; last backup 34 h ago; 2026-11-29 verified 33 h ago',
    });
  });

  test('where the last verification found that a backup cannot be restored', () => {
    const broken = backup('30T02:00', { at: '30T03:00', ok: false, problems: ['app.dump is damaged'] });
    const { ok, said } = judged({ backups: [proven, broken] });
    expect(ok).toBe(false);
    expect(said).toContain('2026-11-30 cannot be restored: app.dump is damaged');
    expect(said).toContain('2026-11-29 verified 33 h ago');
  });

  test('where no verification came when one was due', () => {
    expect(judged({ backups: [backup('30T02:00')] }).said).toContain(
      'the verification of 2026-11-29 02:30 UTC was missed',
    );
  });
});

test('a run may take an hour before it counts as missed', () => {
  const at = new Date('2026-11-30T02:30:00Z');
  const [nightly, weekly] = [parseSchedule('0 2 * * *'), parseSchedule('30 2 * * 0')];
  expect(judge({ backups: [proven], backup: nightly, verify: weekly, since, now: at }).ok).toBe(true);
});
