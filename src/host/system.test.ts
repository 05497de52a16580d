import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { needs } from '../../tests/support/needs.ts';
import { isUnicode } from './locale.ts';
import { findProgram, readSysctl, readSystem } from './system.ts';

const trees: string[] = [];
afterEach(() => {
  for (const root of trees.splice(0)) rmSync(root, { recursive: true });
});

function tree(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'arc-system-'));
  trees.push(root);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), text, { mode: 0o755 });
  }
  return root;
}

test('Debian without systemd', () => {
  const root = tree({ 'etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n' });
  expect(readSystem({ root })).toMatchObject({
    name: 'Debian GNU/Linux 12 (bookworm)',
    debian: true,
    systemd: false,
  });
});

test('a relative of Ubuntu that systemd runs', () => {
  const root = tree({
    'etc/os-release': "ID=linuxmint\nID_LIKE='ubuntu debian'\n",
    'run/systemd/system/x': '',
  });
  expect(readSystem({ root })).toMatchObject({ debian: true, systemd: true });
});

test('a system without apt', () => {
  expect(readSystem({ root: tree({ 'etc/os-release': 'ID=alpine\n' }) }).debian).toBe(false);
  expect(readSystem({ root: tree({}) }).debian).toBe(false);
});

test('a kernel setting is a number, or nothing where it is not shown', () => {
  const proc = tree({ 'sys/net/core/rmem_max': '212992\n' });
  expect(readSysctl('net.core.rmem_max', proc)).toBe(212992);
  expect(readSysctl('net.core.wmem_max', proc)).toBeUndefined();
});

test('a program is found on the PATH if it can be run', () => {
  const root = tree({ 'bin/go': '' });
  expect(findProgram('go', { PATH: join(root, 'bin') })).toBe(join(root, 'bin', 'go'));
  expect(findProgram('no-such-program', { PATH: join(root, 'bin') })).toBeUndefined();
});

test('the locale is the first variable that is set', needs('linux'), () => {
  expect(isUnicode({ LANG: 'de_DE.UTF-8' })).toBe(true);
  expect(isUnicode({ LANG: 'de_DE.UTF-8', LC_ALL: 'C' })).toBe(false);
  expect(isUnicode({ LANG: 'POSIX', LC_CTYPE: 'C.utf8' })).toBe(true);
  expect(isUnicode({})).toBe(false);
});
