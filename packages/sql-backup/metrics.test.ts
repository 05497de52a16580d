import { expect, test } from 'vitest';
import { metricsText } from './metrics.ts';

const values = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

test('the newest backup, and the newest that was proven, whatever their order', () => {
  const verified = (at: string, ok: boolean) => ({ at: new Date(at), ok, problems: [] });
  const text = metricsText([
    { name: 'b', at: new Date('2026-11-30T02:00:00Z'), verified: verified('2026-11-30T02:30:00Z', false) },
    { name: 'a', at: new Date('2026-11-29T02:00:00Z'), verified: verified('2026-11-29T02:30:00Z', true) },
  ]);
  expect(values(text)).toEqual([
    'arc_backup_last_success_timestamp_seconds 1796004000',
    'arc_backup_last_verified_timestamp_seconds 1795919400',
    'arc_backup_count 2',
  ]);
});

test('no backup is one of long ago, so that its age alarms', () => {
  expect(values(metricsText([]))).toEqual([
    'arc_backup_last_success_timestamp_seconds 0',
    'arc_backup_last_verified_timestamp_seconds 0',
    'arc_backup_count 0',
  ]);
});
