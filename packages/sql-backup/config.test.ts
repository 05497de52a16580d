import { expect, test } from 'vitest';
import { parseConfig } from './config.ts';

const content = {
  server: { host: 'sql', port: 5432, user: 'postgres', password: 'secret word' },
  storage: {
    endpoint: 'http://storage:9000',
    region: 'us-east-1',
    bucket: 'backups',
    access_key: 'k',
    secret_key: 's',
  },
  schedule: { backup: '0 2 * * *', verify: '30 2 * * 0' },
  keep: { last: 3, daily: 7, weekly: 4, monthly: 6 },
  point_in_time: { enabled: 'off', keep_days: '7' },
  port: 9010,
  programs: '/usr/lib/postgresql/18/bin',
  scratch: '/var/lib/sql-backup',
};

test('a configuration is read', () => {
  const { server, keep } = parseConfig(JSON.stringify(content));
  expect(server.host).toBe('sql');
  expect(keep.daily).toBe(7);
});

test('the log of changes is kept where that is wanted', () => {
  const wanted = { ...content, point_in_time: { enabled: 'on', keep_days: '3' } };
  expect(parseConfig(JSON.stringify(wanted)).pointInTime).toEqual({ keepDays: 3 });
  expect(parseConfig(JSON.stringify(content))).not.toHaveProperty('pointInTime');
  const wrong = { ...content, point_in_time: { enabled: 'yes', keep_days: '3' } };
  expect(() => parseConfig(JSON.stringify(wrong))).toThrow('point_in_time.enabled is neither on nor off');
});

test('what is wrong is named, without a value', () => {
  const wrong = { ...content, server: { ...content.server, password: 7 } };
  expect(() => parseConfig(JSON.stringify(wrong))).toThrow('password is missing, or not a text');
  const late = { ...content, schedule: { ...content.schedule, verify: 'at night' } };
  expect(() => parseConfig(JSON.stringify(late))).toThrow(/^schedule\.verify: /);
});
