import { describe, expect, test } from 'vitest';
import { readUsage } from './usage.ts';

const running = {
  read: '2026-11-30T13:06:10.5Z',
  cpu_stats: { cpu_usage: { total_usage: 7_000_000 } },
  memory_stats: { usage: 100, stats: { inactive_file: 30 } },
  networks: { eth0: { rx_bytes: 5, tx_bytes: 7 }, eth1: { rx_bytes: 1 } },
};

describe('what a container uses', () => {
  test('is memory without inactive pages of files, and the bytes of all its networks', () => {
    expect(readUsage(running)).toEqual({
      at: Date.parse('2026-11-30T13:06:10.5Z'),
      cpuNanoseconds: 7_000_000,
      memoryBytes: 70,
      receivedBytes: 6,
      sentBytes: 7,
    });
  });

  test('is read under cgroup v1 too', () => {
    const memory_stats = { usage: 100, stats: { total_inactive_file: 40 } };
    expect(readUsage({ ...running, memory_stats })?.memoryBytes).toBe(60);
  });

  test('has no bytes without a network', () => {
    expect(readUsage({ ...running, networks: undefined as never })).toMatchObject({ receivedBytes: 0 });
  });

  test('is unknown for a container that does not run', () => {
    expect(readUsage({ ...running, read: '0001-01-01T00:00:00Z', memory_stats: {} })).toBeUndefined();
  });
});
