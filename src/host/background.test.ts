import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startInBackground } from './background.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-background-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const start = (script: string, command = 'sh') =>
  startInBackground({
    command,
    args: ['-c', script],
    cwd: folder,
    environment: { PATH: process.env.PATH },
    logFile: join(folder, 'log'),
  });

it('adds what the program writes to its file, and says how it ended', async () => {
  const first = start('echo one; exit 3');
  await vi.waitUntil(first.end);
  const second = start('pwd >&2; kill -9 $$');
  await vi.waitUntil(second.end);
  expect(first.end()).toEqual({ kind: 'exited', status: 3 });
  expect(second.end()).toEqual({ kind: 'killed', by: 'SIGKILL' });
  expect(readFileSync(join(folder, 'log'), 'utf8')).toBe(`one\n${folder}\n`);
});

it('gives the program a session of its own, and stops it when asked', async () => {
  const running = start('ps -o sid= -p $$; exec sleep 60');
  const log = () => readFileSync(join(folder, 'log'), 'utf8').trim();
  await vi.waitUntil(() => log() !== '');
  expect(Number(log())).toBe(running.pid);
  expect(running.end()).toBeUndefined();
  running.stop();
  expect(await vi.waitUntil(running.end)).toEqual({ kind: 'killed', by: 'SIGTERM' });
});

it('says that a program is missing', async () => {
  const missing = start('', 'arc-no-such-program');
  expect(missing.pid).toBeUndefined();
  expect(await vi.waitUntil(missing.end)).toEqual({ kind: 'missing' });
});
