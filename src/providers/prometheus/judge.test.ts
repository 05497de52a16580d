import { describe, expect, test } from 'vitest';
import { judgeAlerts, judgeMove, judgeNames, judgeTargets } from './judge.ts';

const now = new Date('2026-11-30T12:00:00Z');
const secondsAgo = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);
const up = (job: string, seconds = 5) =>
  ({ job, health: 'up', lastError: '', lastScrape: secondsAgo(seconds), interval: 15_000 }) as const;
const waiting = (job: string) => ({ job, health: 'unknown', lastError: '', interval: 15_000 }) as const;

/** Long after the configuration was loaded. */
const earlier = { loaded: secondsAgo(3_600), now };

describe('targets', () => {
  test('all are read', () => {
    expect(judgeTargets({ jobs: ['a', 'b'], targets: [up('a', 4), up('b', 11)], ...earlier })).toEqual({
      ok: true,
      came: '2 read, the first 11 s ago',
    });
  });

  test('one that has just been loaded is not known yet', () => {
    expect(judgeTargets({ jobs: ['a', 'b'], targets: [up('a'), waiting('b')], ...earlier })).toEqual({
      ok: true,
      unknown: true,
      came: '1 read, the first 5 s ago; not known yet: b, first read within 15 s',
    });
  });

  test('right after a boot none is known', () => {
    expect(judgeTargets({ jobs: ['a'], targets: [waiting('a')], ...earlier })).toEqual({
      ok: true,
      unknown: true,
      came: 'none read; not known yet: a, first read within 15 s',
    });
  });

  test('one of a configuration that was loaded just now is not known yet, then it is missed', () => {
    const given = { jobs: ['a', 'b'], targets: [up('a')], now };
    expect(judgeTargets({ ...given, loaded: secondsAgo(9) })).toEqual({
      ok: true,
      unknown: true,
      came: '1 read, the first 5 s ago; not known yet: b, loaded just now',
    });
    expect(judgeTargets({ ...given, loaded: secondsAgo(10) })).toMatchObject({ ok: false });
  });

  test('one that cannot be read, and one that Prometheus was never told of', () => {
    const down = { ...up('a', 3), health: 'down', lastError: 'connection refused' } as const;
    expect(judgeTargets({ jobs: ['a', 'b'], targets: [down], ...earlier })).toEqual({
      ok: false,
      came: 'a cannot be read (connection refused, 3 s ago); b is not read: `arc up metrics` loads it',
    });
  });
});

describe('names', () => {
  const exported = [
    { job: 'a', metric: 'rooms', type: 'gauge' },
    { job: 'a', metric: 'jobs', type: 'counter' },
  ];
  const judge = (...declared: string[]) => judgeNames({ declared, exported, targets: [up('a')] });

  test('are as declared, in either text format; what comes later is not missed', () => {
    expect(judge('a/rooms/gauge', 'a/jobs_total/counter', 'a/calls/counter/later')).toEqual({
      ok: true,
      came: '2 metrics of 1 program are as declared; 1 appear once something has happened',
    });
  });

  test('one that is not exported, and one of another type', () => {
    expect(judge('a/room_participants/gauge', 'a/rooms/histogram')).toEqual({
      ok: false,
      came: 'a does not export room_participants; a exports rooms as a gauge, not a histogram',
    });
  });

  test('of a program that could not be read are passed over', () => {
    expect(judge('b/rooms/gauge')).toMatchObject({ ok: true });
  });

  test('are not known before anything was read', () => {
    expect(judgeNames({ declared: ['a/rooms/gauge'], exported: [], targets: [] })).toEqual({
      ok: true,
      unknown: true,
      came: 'not known yet: nothing was read so far',
    });
  });

  test('of a program that is about to be read for the first time are not known yet', () => {
    const targets = [up('a'), waiting('b')];
    const declared = ['a/rooms/gauge', 'b/calls/counter'];
    expect(judgeNames({ declared, exported, targets })).toEqual({
      ok: true,
      unknown: true,
      came: '1 metrics of 1 program are as declared; 1 first read within 15 s',
    });
    expect(judgeNames({ declared: ['a/calls/counter'], exported, targets })).toMatchObject({ ok: false });
  });
});

describe('alerts', () => {
  const alert = (name: string, severity: string) => ({
    name,
    severity,
    summary: `${name} is so.`,
    labels: {},
    since: secondsAgo(300),
  });

  test('none fires', () => {
    expect(judgeAlerts({ firing: [], now })).toEqual({ ok: true, came: 'none fires' });
  });

  test('a warning warns', () => {
    expect(judgeAlerts({ firing: [alert('slow', 'warning')], now })).toEqual({
      ok: true,
      warns: true,
      came: 'slow for 5 min: slow is so.',
    });
  });

  test('a critical one fails, and is named first', () => {
    const firing = [alert('slow', 'warning'), alert('down', 'critical')];
    expect(judgeAlerts({ firing, now })).toEqual({
      ok: false,
      came: 'down for 5 min: down is so.; slow for 5 min: slow is so.',
    });
  });
});

describe('a metric that moved', () => {
  /** Read every 15 s, the last time `ago` seconds ago. */
  const read = (values: readonly number[], ago: number) => [
    {
      labels: { job: 'a' },
      points: values.map((value, index) => ({
        at: now.getTime() / 1000 - ago - (values.length - 1 - index) * 15,
        value,
      })),
    },
  ];
  const judge = (values: readonly number[], ago = 6) =>
    judgeMove({ metric: 'jobs_total', series: read(values, ago), targets: [up('a')], ...earlier });

  test('went from one value to another, some time ago', () => {
    expect(judge([1, 4, 4])).toEqual({ ok: true, age: 6_000, came: 'jobs_total went from 1 to 4' });
  });

  test('stays as it is', () => {
    expect(judge([4, 4, 4])).toEqual({ ok: false, age: 6_000, came: 'jobs_total stays 4' });
  });

  test('was read once: the next reading tells', () => {
    expect(judge([4])).toEqual({
      ok: true,
      unknown: true,
      age: 6_000,
      came: 'not known yet: jobs_total was read once, and is read again in 9 s',
    });
  });

  test('moved, and is not stored any more', () => {
    expect(judge([1, 4], 45)).toMatchObject({ ok: true });
    expect(judge([1, 4], 46)).toEqual({
      ok: false,
      age: 46_000,
      came: 'jobs_total is due every 15 s and was not stored since: Prometheus reads nothing, or its disk is full',
    });
  });

  test('was read once, and not again', () => {
    expect(judge([4], 40)).toEqual({
      ok: false,
      age: 40_000,
      came: 'jobs_total was read once, and not again when it was due',
    });
  });

  test('was not read yet, right after a boot', () => {
    expect(judgeMove({ metric: 'jobs_total', series: [], targets: [waiting('a')], ...earlier })).toEqual({
      ok: true,
      unknown: true,
      came: 'not known yet: jobs_total is first read within 15 s',
    });
  });

  test('of a Prometheus that has just started is not known yet', () => {
    const given = { metric: 'jobs_total', series: [], targets: [], now };
    expect(judgeMove({ ...given, loaded: secondsAgo(2) })).toEqual({
      ok: true,
      unknown: true,
      came: 'not known yet: Prometheus has just started',
    });
    expect(judgeMove({ ...given, loaded: secondsAgo(20) })).toMatchObject({ ok: false });
  });

  test('has no value at all', () => {
    expect(judgeMove({ metric: 'jobs_total', series: [], targets: [up('a')], ...earlier })).toEqual({
      ok: false,
      came: 'jobs_total has no value of the last 5 min',
    });
  });
});
