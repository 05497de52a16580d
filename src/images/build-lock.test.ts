import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withBuildLock } from './build-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const signal = new AbortController().signal;

function lock<T>(work: () => Promise<T>, onWait: (holder: string) => void = () => {}) {
  return withBuildLock({ file: join(folder, 'a.lock'), signal, onWait, work });
}

describe('a lock', () => {
  it('lets one work at a time, and says who is waited for', async () => {
    const order: string[] = [];
    const waits = Promise.withResolvers<string>();
    let second: Promise<void> | undefined;
    await lock(async () => {
      order.push('first begins');
      second = lock(async () => void order.push('second begins'), waits.resolve);
      expect(await waits.promise).toBe(`process ${process.pid} on ${hostname()}`);
      order.push('first ends');
    });
    await second;
    expect(order).toEqual(['first begins', 'first ends', 'second begins']);
  });

  it('is gone after the work, and after failed work', async () => {
    await lock(async () => {});
    await expect(lock(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of a process that has died does not hold', async () => {
    const { pid } = spawnSync('true');
    writeFileSync(join(folder, 'a.lock'), JSON.stringify({ pid, host: hostname() }));
    expect(await lock(async () => 'done')).toBe('done');
  });

  it('of another machine holds until it shows no sign of life', async () => {
    const file = join(folder, 'a.lock');
    writeFileSync(file, JSON.stringify({ pid: 1, host: 'elsewhere' }));
    const waits = Promise.withResolvers<string>();
    const locking = lock(async () => 'done', waits.resolve);
    expect(await waits.promise).toBe('process 1 on elsewhere');
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(file, longAgo, longAgo);
    expect(await locking).toBe('done');
  });

  it('is not waited for after an interrupt', async () => {
    writeFileSync(join(folder, 'a.lock'), JSON.stringify({ pid: 1, host: 'elsewhere' }));
    const controller = new AbortController();
    const locking = withBuildLock({
      file: join(folder, 'a.lock'),
      signal: controller.signal,
      onWait: () => controller.abort(new Error('interrupted')),
      work: async () => 'done',
    });
    await expect(locking).rejects.toThrow();
  });
});
