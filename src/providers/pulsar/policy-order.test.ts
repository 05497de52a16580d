import { describe, expect, it } from 'vitest';
import type { Policies } from './policy.ts';
import { isRetentionEnough, policyOrder } from './policy-order.ts';

const kept = (minutes: number, megabytes: number): Policies => ({ retention: { minutes, megabytes } });
const size = (megabytes: number): Policies => ({
  backlog_size: { limit: megabytes * 2 ** 20, action: 'hold' },
});
const time = (seconds: number): Policies => ({ backlog_time: { limit: seconds, action: 'evict' } });

describe('a retention and a backlog', () => {
  it.each<[string, Policies, boolean]>([
    ['are taken where the backlog is smaller', { ...kept(10, 50), ...size(49) }, true],
    ['are refused where it is as large', { ...kept(10, 50), ...size(50) }, false],
    ['are refused where it is as old', { ...kept(10, -1), ...time(600) }, false],
    ['are taken where messages are kept for ever', { ...kept(-1, -1), ...size(50), ...time(600) }, true],
    ['are taken where nothing is kept after it was read', { ...kept(0, 0), ...size(50) }, true],
    ['are taken where there is no backlog', kept(10, 50), true],
  ])('%s', (_case, both, taken) => {
    expect(isRetentionEnough(both)).toBe(taken);
  });
});

describe('the order of a retention and a backlog', () => {
  const small = { ...kept(10, 50), ...size(40), ...time(300) };
  const large = { ...kept(20, 100), ...size(80), ...time(1000) };
  const changed = ['retention', 'backlog_size', 'backlog_time'] as const;

  it('begins with the retention where both grow', () => {
    expect(policyOrder({ before: small, after: large, changed })[0]).toBe('retention');
  });

  it('ends with the retention where both shrink', () => {
    expect(policyOrder({ before: large, after: small, changed }).at(-1)).toBe('retention');
  });

  it('has the retention between where one grows and the other shrinks', () => {
    const before = { ...kept(100, 10), ...size(5), ...time(4800) };
    const after = { ...kept(50, 20), ...size(15), ...time(1800) };
    expect(policyOrder({ before, after, changed })).toEqual(['backlog_time', 'retention', 'backlog_size']);
  });

  it('never has a moment that Pulsar refuses, whatever is before and after', () => {
    const numbers = [-1, 1, 5, 10, 100];
    const all = numbers.flatMap((minutes) =>
      numbers.flatMap((megabytes) =>
        [1, 6, 50].flatMap((limit) => [{ ...kept(minutes, megabytes), ...size(limit), ...time(limit * 60) }]),
      ),
    );
    const valid = all.filter(isRetentionEnough);
    expect(valid.length).toBeGreaterThan(20);
    for (const before of valid) {
      for (const after of valid) {
        let now: Policies = before;
        for (const name of policyOrder({ before, after, changed })) {
          now = { ...now, [name]: after[name] };
          expect(isRetentionEnough(now), JSON.stringify({ before, after, now })).toBe(true);
        }
      }
    }
  });

  it('leaves everything else where it was', () => {
    expect(policyOrder({ before: {}, after: { ttl: 5 }, changed: ['ttl', 'deduplication'] })).toEqual([
      'ttl',
      'deduplication',
    ]);
  });
});
