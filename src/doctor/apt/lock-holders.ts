import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The files that apt and dpkg lock while they work, from the root of the file system. */
const lockFiles = [
  'var/lib/dpkg/lock-frontend',
  'var/lib/dpkg/lock',
  'var/lib/apt/lists/lock',
  'var/cache/apt/archives/lock',
];

/** A process that keeps packages from being installed, and the file that it has locked. */
export type LockHolder = { program: string; pid: number; file: string };

/**
 * The first process that holds a lock of apt or dpkg; undefined if none does, or none that this process can see:
 * a lock that is held in another container shows only when apt-get asks for it.
 *
 * @param options.root of the file system whose packages are meant
 * @param options.proc where procfs is mounted
 */
export function lockHolder(options: { root?: string; proc?: string } = {}): LockHolder | undefined {
  const { root = '/', proc = '/proc' } = options;
  const locking = lockingProcesses(proc);
  for (const name of lockFiles) {
    const file = join(root, name);
    const identity = identify(file);
    if (identity === undefined) continue;
    for (const pid of locking) {
      if (opened(proc, pid).has(identity)) return { program: programOf(proc, pid), pid: Number(pid), file };
    }
  }
  return undefined;
}

/** `unattended-upgrade (pid 812) holds /var/lib/dpkg/lock-frontend` */
export function describeHolder({ program, pid, file }: LockHolder): string {
  return `${program} (pid ${pid}) holds ${file}`;
}

/**
 * The processes that have locked any file for writing the way apt does, `fcntl(F_SETLK)`; a line with an arrow is one
 * that waits. The kernel's numbers of device and inode are not compared: on an overlay they are of another file
 * system than stat's.
 */
function lockingProcesses(proc: string): ReadonlySet<string> {
  const lines = readText(join(proc, 'locks')).matchAll(/^\d+: POSIX +\w+ +WRITE (\d+) /gm);
  return new Set(Array.from(lines, ([, pid = '']) => pid));
}

/** The identities of a process's open files. */
function opened(proc: string, pid: string): ReadonlySet<string> {
  const folder = join(proc, pid, 'fd');
  try {
    return new Set(readdirSync(folder).map((descriptor) => identify(join(folder, descriptor)) ?? ''));
  } catch {
    // The process has ended meanwhile.
    return new Set();
  }
}

function identify(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}

/** The name that people know it by: of a script its own name, not that of Python. */
function programOf(proc: string, pid: string): string {
  const words = readText(join(proc, pid, 'cmdline'))
    .split('\0')
    .filter(Boolean);
  const [program = '', script = ''] = words;
  const interpreted = /^(python|perl|ruby|node|(ba|da)?sh)[\d.]*$/.test(basename(program));
  if (interpreted && script !== '' && !script.startsWith('-')) return basename(script);
  return basename(program) || readText(join(proc, pid, 'comm')).trim() || 'a process';
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Not on this kernel, or the process has ended meanwhile.
    return '';
  }
}
