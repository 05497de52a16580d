import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findCacheDirectory, homeFolder } from './home.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-home-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('what arc keeps is below XDG_CACHE_HOME, or else below the home', () => {
  expect(findCacheDirectory({ XDG_CACHE_HOME: '/x', HOME: folder })).toBe('/x/arc');
  expect(findCacheDirectory({ HOME: folder })).toBe(join(folder, '.cache', 'arc'));
  expect(homeFolder({ HOME: folder })).toBe(folder);
});

test('a folder that others may write to is not used in place of a home', () => {
  const home = join(folder, 'file');
  writeFileSync(home, '');
  vi.stubEnv('TMPDIR', folder);
  const shared = join(folder, `arc-${process.getuid?.()}`);
  mkdirSync(shared);
  chmodSync(shared, 0o777);
  expect(() => findCacheDirectory({ HOME: home })).toThrow(`${shared} belongs to somebody else`);
  chmodSync(shared, 0o700);
  expect(findCacheDirectory({ HOME: home })).toBe(shared);
  vi.unstubAllEnvs();
});

test('without a home that can be written to it is below the folder for temporary files', () => {
  // A file in place of the folder stops root as well.
  const home = join(folder, 'file');
  writeFileSync(home, '');
  expect(findCacheDirectory({ HOME: home })).toBe(join(tmpdir(), `arc-${process.getuid?.()}`));
  expect(findCacheDirectory({ HOME: home, XDG_CACHE_HOME: join(home, 'x') })).toBe(join(home, 'x', 'arc'));
});
