import { describe, expect, test } from 'vitest';
import { holdUntil, type LastStart } from './hold.ts';

const clock = { now: () => 50_000, date: () => Date.parse('2026-01-01T12:00:00Z') };
const holds = [{ role: 'cache', name: 'arc-cache', seconds: 4 }];
const longAgo = '2026-01-01T08:00:00.5Z';

function until(start: LastStart, own: string | undefined = longAgo): number | undefined {
  return holdUntil({ holds, own, startOf: () => start, clock })?.until;
}

describe('how long a container has to hold', () => {
  test('counts from when the dependency was ready, where it was started now', () => {
    expect(until({ kind: 'now', ready: 49_000 })).toBe(53_000);
    expect(until({ kind: 'now', ready: 45_000 })).toBeUndefined();
  });

  test('counts from when the dependency was started, where that was before: an up that was interrupted', () => {
    expect(until({ kind: 'before', startedAt: '2026-01-01T11:59:59Z' })).toBe(53_000);
    expect(until({ kind: 'before', startedAt: '2026-01-01T11:59:50Z' })).toBeUndefined();
  });

  test('is nothing for one that was started after its dependency', () => {
    expect(
      until({ kind: 'before', startedAt: '2026-01-01T11:59:58Z' }, '2026-01-01T11:59:59Z'),
    ).toBeUndefined();
  });

  test('is not shortened by a clock of the Engine that is ahead', () => {
    expect(until({ kind: 'before', startedAt: '2026-01-01T12:05:00Z' })).toBe(54_000);
  });

  test('is the longest of several', () => {
    const held = holdUntil({
      holds: [...holds, { role: 'bus', name: 'arc-bus', seconds: 9 }],
      own: longAgo,
      startOf: () => ({ kind: 'now', ready: 50_000 }),
      clock,
    });
    expect(held).toEqual({ until: 59_000, milliseconds: 9_000, cause: 'bus was started again' });
  });
});
