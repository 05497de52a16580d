import { expect, it } from 'vitest';
import { errorOf, errorTeller, judge } from './own-health.ts';

const fine = { waiting: 0, lost: 0, refused: 0, failure: undefined };

it('is well while nothing waits', () => {
  expect(judge({ rows: fine, events: fine })).toEqual({ level: 'ok', said: 'everything promised is kept' });
});

it('warns of what waits, and why', () => {
  const rows = { ...fine, waiting: 2, failure: 'the database is away' };
  expect(judge({ rows, events: fine })).toEqual({
    level: 'warning',
    said: '2 rows waiting for the database: the database is away',
  });
});

it('fails where something is lost', () => {
  const events = { ...fine, lost: 1 };
  expect(judge({ rows: fine, events })).toEqual({ level: 'failed', said: '1 event lost' });
});

it('tells an error when it begins, and not while it goes on', () => {
  const ok = judge({ rows: fine, events: fine });
  const failed = judge({ rows: { ...fine, lost: 1 }, events: fine });
  expect(errorOf(failed, ok)).toMatchObject({ name: 'service-error', data: { error_message: '1 row lost' } });
  expect(errorOf(failed, undefined)).toBeDefined();
  expect(errorOf(failed, failed)).toBeUndefined();
  expect(errorOf(ok, failed)).toBeUndefined();
});

it('tells an error that begins while NATS is away once NATS is back, and only once', async () => {
  const told: string[] = [];
  let isAway = true;
  const tellError = errorTeller({
    tell: async ({ name }) => {
      if (!isAway) told.push(name);
      return !isAway;
    },
  });
  const failed = judge({ rows: fine, events: { ...fine, lost: 1 } });
  await tellError(judge({ rows: fine, events: fine }));
  await tellError(failed);
  await tellError(failed);
  expect(told).toEqual([]);
  isAway = false;
  await tellError(failed);
  await tellError(failed);
  expect(told).toEqual(['service-error']);
});
