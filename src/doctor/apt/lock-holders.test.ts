import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeHolder, lockHolder } from './lock-holders.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'arc-locks-'));
  write('var/lib/dpkg/lock-frontend', '');
  write('var/lib/apt/lists/lock', '');
  write('proc/locks', '');
});
afterEach(() => rmSync(root, { recursive: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

/** A process with an open file. */
function process(pid: number, words: readonly string[], file: string): void {
  write(`proc/${pid}/cmdline`, `${words.join('\0')}\0`);
  mkdirSync(join(root, `proc/${pid}/fd`));
  symlinkSync(join(root, file), join(root, `proc/${pid}/fd/4`));
}

const holder = () => {
  const found = lockHolder({ root, proc: join(root, 'proc') });
  return found && describeHolder(found).replace(root, '');
};

it('is nobody where no process has locked one of the files', () => {
  expect(holder()).toBeUndefined();
  // It reads the file, and has locked another one for reading.
  process(7, ['apt-cache', 'search'], 'var/lib/apt/lists/lock');
  write('proc/locks', '1: POSIX  ADVISORY  READ 7 08:01:1234 0 EOF\n');
  expect(holder()).toBeUndefined();
});

it('is the process that has, with the file', () => {
  process(812, ['/usr/bin/apt-get', 'update'], 'var/lib/apt/lists/lock');
  write(
    'proc/locks',
    '1: FLOCK  ADVISORY  WRITE 5 fe:00:53 0 EOF\n2: POSIX  ADVISORY  WRITE 812 08:01:1234 0 EOF\n',
  );
  expect(holder()).toBe('apt-get (pid 812) holds /var/lib/apt/lists/lock');
});

it('is called by its script, not by Python', () => {
  process(9, ['/usr/bin/python3', '/usr/bin/unattended-upgrade'], 'var/lib/dpkg/lock-frontend');
  write('proc/locks', '1: POSIX  ADVISORY  WRITE 9 08:01:1234 0 EOF\n');
  expect(holder()).toBe('unattended-upgrade (pid 9) holds /var/lib/dpkg/lock-frontend');
});

it('is not a process that waits for the lock, nor one that has ended meanwhile', () => {
  process(9, ['/usr/bin/apt-get', 'install'], 'var/lib/dpkg/lock-frontend');
  write(
    'proc/locks',
    '1: -> POSIX  ADVISORY  WRITE 9 08:01:1234 0 EOF\n2: POSIX  ADVISORY  WRITE 10 08:01:1234 0 EOF\n',
  );
  expect(holder()).toBeUndefined();
});
