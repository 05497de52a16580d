import { describe, expect, test } from 'vitest';
import { expired } from './retention.ts';

/** One a day at two in the morning, the newest on 30 November 2026, a Monday. */
function daily(days: number) {
  return Array.from({ length: days }, (_, ago) => {
    const at = new Date(Date.UTC(2026, 10, 30 - ago, 2));
    return { name: at.toISOString().slice(0, 10), at, verified: false };
  });
}

function kept(backups: ReturnType<typeof daily>, keep: Parameters<typeof expired>[0]['keep']): string[] {
  const gone = new Set(expired({ backups, keep }));
  return backups.map(({ name }) => name).filter((name) => !gone.has(name));
}

const none = { last: 0, daily: 0, weekly: 0, monthly: 0 };

describe('what is kept', () => {
  test('is the newest ones', () => {
    expect(kept(daily(5), { ...none, last: 2 })).toEqual(['2026-11-30', '2026-11-29']);
  });

  test('is the newest of each of the last weeks, which begin on Monday', () => {
    expect(kept(daily(20), { ...none, weekly: 3 })).toEqual(['2026-11-30', '2026-11-29', '2026-11-22']);
  });

  test('is the newest of each of the last months', () => {
    expect(kept(daily(70), { ...none, monthly: 3 })).toEqual(['2026-11-30', '2026-10-31', '2026-09-30']);
  });

  test('is one for each day that has one, however long ago', () => {
    const backups = daily(10).filter((_, at) => at % 4 === 0);
    expect(kept(backups, { ...none, daily: 2 })).toEqual(['2026-11-30', '2026-11-26']);
  });

  test('counts several of one day once', () => {
    const [first] = daily(1);
    if (first === undefined) throw new Error('there is one');
    const earlier = { ...first, name: 'earlier', at: new Date(first.at.getTime() - 3_600_000) };
    expect(kept([earlier, first], { ...none, daily: 2 })).toEqual(['2026-11-30']);
  });

  test('is always the newest that was verified', () => {
    const backups = daily(5).map((one, at) => ({ ...one, verified: at >= 3 }));
    expect(kept(backups, { ...none, last: 1 })).toEqual(['2026-11-30', '2026-11-27']);
  });
});

test('what goes is named oldest first', () => {
  expect(expired({ backups: daily(3), keep: { ...none, last: 1 } })).toEqual(['2026-11-28', '2026-11-29']);
});
