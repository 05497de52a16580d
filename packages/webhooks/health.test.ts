import { describe, expect, it } from 'vitest';
import { type Facts, judge } from './health.ts';

const now = new Date('2026-11-30T12:00:30Z');
const well: Facts = {
  now,
  waiting: 0,
  connected: true,
  dead: { count: 0 },
  unsigned: { count: 0 },
  lost: 0,
  delivered: 12,
  failures: 0,
};

describe('the verdict', () => {
  it.each<[string, Partial<Facts>, string]>([
    ['all is delivered', {}, 'ok: 12 delivered, 0 on their way'],
    [
      'an event is on its way',
      { waiting: 1, oldest: '2026-11-30T12:00:29Z' },
      'ok: 12 delivered, 1 on their way',
    ],
    [
      'NATS is away, which is not this program’s fault',
      { connected: false, waiting: 3, oldest: '2026-11-30T12:00:00Z', failure: 'no connection' },
      'warning: 3 events wait for NATS, which cannot be reached',
    ],
    [
      'NATS refuses its key, and is well itself',
      { connected: false, waiting: 3, refusal: 'NATS refuses the key of webhooks' },
      'failed: 3 events wait: NATS refuses the key of webhooks',
    ],
    ...[undefined, 'no answer'].map((failure): [string, Partial<Facts>, string] => [
      `NATS does not answer (${failure})`,
      { waiting: 2, oldest: '2026-11-30T12:00:00Z', failure },
      'warning: 2 events wait for NATS, which does not answer',
    ]),
    [
      'NATS refuses an event',
      { waiting: 1, oldest: '2026-11-30T12:00:00Z', failure: 'no permission to publish' },
      'failed: 1 event waits since 2026-11-30T12:00:00Z: no permission to publish',
    ],
    [
      'the disk is full',
      { notKept: 'the disk is full' },
      'failed: events are refused, and LiveKit sends them again: the disk is full; 12 delivered, 0 on their way',
    ],
    [
      'an event broke its schema a minute ago',
      { dead: { count: 2, last: { at: '2026-11-30T11:59:30Z', reason: '/room_name is empty' } } },
      'warning: 2 went to dead letters, the last because /room_name is empty; 12 delivered, 0 on their way',
    ],
    [
      'that was long ago',
      { dead: { count: 2, last: { at: '2026-11-30T09:00:00Z', reason: '/room_name is empty' } } },
      'ok: 12 delivered, 0 on their way',
    ],
    [
      'somebody else sends webhooks',
      { unsigned: { count: 4, last: '2026-11-30T12:00:00Z' } },
      'warning: 4 requests had no valid signature; 12 delivered, 0 on their way',
    ],
  ])('where %s', (_, facts, expected) => {
    const { level, said } = judge({ ...well, ...facts });
    expect(`${level}: ${said}`).toBe(expected);
  });
});
