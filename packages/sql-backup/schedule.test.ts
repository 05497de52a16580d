import { expect, test } from 'vitest';
import { parseSchedule } from './schedule.ts';

test('a schedule knows when it was due last, in UTC', () => {
  const nightly = parseSchedule('0 2 * * *');
  expect(nightly.lastDue(new Date('2026-11-30T01:59:00Z'))).toEqual(new Date('2026-11-29T02:00:00Z'));
  expect(nightly.lastDue(new Date('2026-11-30T02:00:01Z'))).toEqual(new Date('2026-11-30T02:00:00Z'));
});

test('a weekly schedule names the day of the week', () => {
  expect(parseSchedule('30 2 * * 0').lastDue(new Date('2026-11-30T12:00:00Z'))).toEqual(
    new Date('2026-11-29T02:30:00Z'),
  );
});

test.each(['at night', '0 25 * * *', '0 0 2 * * *', ''])('"%s" is refused', (expression) => {
  expect(() => parseSchedule(expression)).toThrow();
});
