import { describe, expect, test } from 'vitest';
import type { TopRow } from '../../app/top/top.ts';
import { formatTop } from './top-table.ts';

const realtime: TopRow = {
  ...{ role: 'realtime', name: 'arc-realtime', codename: 'daredevil', memoryLimit: 2 ** 30 },
  usage: { cpuPercent: 12.34, memoryBytes: 88_000_000, receivedPerSecond: 1200, sentPerSecond: 0 },
  doing: [
    { what: 'rooms', count: 2 },
    { what: 'participants', count: 1 },
    { what: 'streams', count: 0 },
  ],
};
const starting: TopRow = { role: 'cache', name: 'arc-cache', codename: 'sonic', doing: [] };

describe('what containers use and do', () => {
  test('is a line each, and what is not known is a dash', () => {
    expect(formatTop({ rows: [starting, realtime], columns: 120 }).split('\n')).toEqual([
      'CONTAINER     CPU    MEMORY  OF       IN        OUT    DOES',
      'arc-cache     –      –                –         –',
      'arc-realtime  12.3%  88 MB   1.07 GB  1.2 kB/s  0 B/s  2 rooms, 1 participant, 0 streams',
    ]);
  });

  test('fits 80 columns', () => {
    for (const line of formatTop({ rows: [starting, realtime], columns: 80 }).split('\n'))
      expect(line.length).toBeLessThanOrEqual(80);
  });
});
