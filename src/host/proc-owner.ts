import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The process that a socket belongs to. */
export type Owner = { name: string; pid: number };

/**
 * Finds the owners of sockets, by inode. It searches the open files of every process, which takes some milliseconds per
 * hundred processes, so arc does it only if a port is held. Processes that this user may not see are absent.
 *
 * @param options.proc where procfs is mounted
 */
export function socketOwners(options: {
  proc: string;
  inodes: ReadonlySet<number>;
}): ReadonlyMap<number, Owner> {
  const owners = new Map<number, Owner>();
  for (const pid of list(options.proc)) {
    if (!/^\d+$/.test(pid)) continue;
    for (const descriptor of list(join(options.proc, pid, 'fd'))) {
      const inode = socketInode(join(options.proc, pid, 'fd', descriptor));
      // A parent shares its sockets with its children; the lowest pid, seen first, is the one to name.
      if (inode === undefined || !options.inodes.has(inode) || owners.has(inode)) continue;
      owners.set(inode, { name: processName(options.proc, pid), pid: Number(pid) });
    }
    if (owners.size === options.inodes.size) break;
  }
  return owners;
}

/** The name of a user, or its number where the machine knows none. */
export function userName(uid: number, passwd = '/etc/passwd'): string {
  for (const line of readText(passwd).split('\n')) {
    const [name, , id] = line.split(':');
    if (name && id === String(uid)) return name;
  }
  return `user ${uid}`;
}

function socketInode(link: string): number | undefined {
  const [, inode] = /^socket:\[(\d+)\]$/.exec(readLink(link)) ?? [];
  return inode === undefined ? undefined : Number(inode);
}

/** The full name that `ps` shows: the kernel cuts its short name at 15 characters, and Node calls itself MainThread. */
function processName(proc: string, pid: string): string {
  const short = readText(join(proc, pid, 'comm')).trim();
  if (short !== '' && short !== 'MainThread' && short.length < 15) return short;
  const program = basename(readLink(join(proc, pid, 'exe'))).replace(/ \(deleted\)$/, '');
  return program || short || 'a process';
}

function list(folder: string): readonly string[] {
  try {
    // In numeric order for processes, so that what is found does not depend on the file system.
    return readdirSync(folder).toSorted((a, b) => Number(a) - Number(b));
  } catch {
    return [];
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function readLink(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}
