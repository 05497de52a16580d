import { expect, test } from 'vitest';
import {
  backupName,
  backupOfKey,
  dumpKey,
  isRecovered,
  partKey,
  recoveredName,
  timeOfBackup,
} from './layout.ts';

test('a backup is named after the second that it began in, so that names sort by time', () => {
  const at = new Date('2026-11-30T02:00:00.321Z');
  expect(backupName(at)).toBe('2026-11-30T02-00-00Z');
  expect(timeOfBackup('2026-11-30T02-00-00Z')).toEqual(new Date('2026-11-30T02:00:00Z'));
});

test.each(['2026-11-30', 'latest', '2026-13-30T02-00-00Z'])('%s names no backup', (name) => {
  expect(timeOfBackup(name)).toBeUndefined();
});

test('all parts of a backup are below one prefix, whatever a database is called', () => {
  const name = '2026-11-30T02-00-00Z';
  expect(partKey(name, 'manifest.json')).toBe('sql/2026-11-30T02-00-00Z/manifest.json');
  expect(dumpKey(name, 'a/b c')).toBe('sql/2026-11-30T02-00-00Z/a%2Fb%20c.dump');
  expect(backupOfKey(dumpKey(name, 'a/b c'))).toBe(name);
});

test.each(['recordings/a.mp4', 'sql/notes.txt', 'sql/by-hand/a.dump'])('%s belongs to no backup', (key) => {
  expect(backupOfKey(key)).toBeUndefined();
});

test('what is put together from the log is no backup of the schedule, and is known by its keys', () => {
  const name = recoveredName(new Date('2026-11-30T02:00:00.321Z'));
  expect(name).toBe('2026-11-30T02-00-00Z-recovered');
  expect(backupOfKey(partKey(name, 'manifest.json'))).toBeUndefined();
  expect(isRecovered(dumpKey(name, 'agents'))).toBe(true);
  expect(isRecovered(dumpKey('2026-11-30T02-00-00Z', 'a-recovered'))).toBe(false);
});
