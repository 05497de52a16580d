import { describe, expect, it } from 'vitest';
import { judgeHealth } from './health.ts';
import type { Verdict } from './judge.ts';
import { metricsText } from './metrics.ts';
import { startCounting } from './tally.ts';

const subject = 'shop.cart.order.placed';
const start = new Date('2026-01-31T12:00:00Z');
const later = (minutes: number) => new Date(start.getTime() + minutes * 60_000);

const valid: Verdict = { kind: 'valid', subject, message: 'order-placed' };
const dead: Verdict = { kind: 'dead', subject };
const undeclared: Verdict = { kind: 'undeclared', domain: 'shop', subject: 'shop.x.y' };
const broken: Verdict = {
  kind: 'violation',
  subject,
  message: 'order-placed',
  reason: 'schema',
  pointer: '/id',
  text: 'must be string',
};

function counted(...verdicts: readonly Verdict[]) {
  const { tally, count } = startCounting([subject]);
  for (const verdict of verdicts) count(verdict, start);
  return tally;
}

const told = (verdicts: readonly Verdict[], options: { now?: Date; isConnected?: boolean } = {}) => {
  const { level, said } = judgeHealth({
    tally: counted(...verdicts),
    isConnected: options.isConnected ?? true,
    now: options.now ?? start,
  });
  return `${level}: ${said}`;
};

describe('the health of messages', () => {
  it('is good while all are valid', () => {
    expect(told([valid, valid])).toBe('ok: 2 messages heard, none of the last minutes breaks its contract');
  });

  it('names the subject and the field that breaks a contract, and how often', () => {
    expect(told([broken, broken, undeclared, broken])).toBe(
      `failed: ${subject}: /id must be string, 3 times, and 1 other fault`,
    );
  });

  it('is good again once nothing was wrong for five minutes', () => {
    expect(told([broken], { now: later(4) })).toMatch(/^failed/);
    expect(told([broken], { now: later(6) })).toMatch(/^ok/);
  });

  it('warns of dead letters', () => {
    expect(told([valid, dead])).toBe(`warning: 1 dead letter, the last of ${subject}; 1 message heard`);
  });

  it('warns while NATS is away, which says so itself', () => {
    expect(told([], { isConnected: false })).toBe(
      'warning: NATS cannot be reached, so nobody checks its messages',
    );
  });
});

describe('counting', () => {
  it('keeps no more faults than it has room for, the newest of them', () => {
    const { tally, count } = startCounting([subject]);
    for (let index = 0; index < 250; index += 1)
      count({ kind: 'undeclared', domain: 'shop', subject: `shop.x.y${index}` }, start);
    expect(tally.faults.size).toBe(100);
    expect([...tally.faults.keys()].at(-1)).toBe('shop.x.y249 ');
    expect(tally.undeclared.get('shop')).toBe(250);
  });

  it('makes no label of a subject that somebody made up', () => {
    expect([...counted({ kind: 'dead', subject: 'shop.made.up' }).dead.keys()]).toEqual(['other']);
  });
});

describe('metrics', () => {
  it('have a sample for each subject from the start, and for what was wrong', () => {
    const text = metricsText({ tally: counted(valid, broken, dead), isConnected: true, heartbeats: 3 });
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
      `arc_watcher_messages_total{subject="${subject}"} 2`,
      `arc_watcher_violations_total{subject="${subject}",reason="schema"} 1`,
      'arc_watcher_broken_total 1',
      `arc_watcher_dead_letters_total{subject="${subject}"} 1`,
      'arc_watcher_heartbeats_total 3',
      'arc_watcher_connected 1',
    ]);
  });
});
