import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { defined } from '../../../core/defined.ts';

/** The holder of a project's lock, according to its label on the Engine. */
export type Holder = {
  user: string;
  host: string;
  pid: number;
  /** The command: `arc up`. */
  command: string;
  /** ISO 8601, by the clock of `host`. */
  since: string;
  /**
   * The process table that contains `pid`: one boot of one kernel, one PID namespace. Absent if the system does not
   * tell (macOS), so that nothing is known about the process from there.
   */
  processes?: string;
  /** Start of the process in ticks since boot, which tells it from a later one with the same number. */
  started?: string;
};

/** This process as the holder of a lock. */
export function thisProcess(options: { command: string }): Holder {
  const processes = processTable();
  const started = startOf(process.pid);
  return {
    user: userName(),
    host: hostname(),
    pid: process.pid,
    command: options.command,
    since: new Date().toISOString(),
    ...defined({ processes, started }),
  };
}

/**
 * Whether the holder's process still exists.
 *
 * @returns undefined if it is in another table of processes, on another machine or in a container
 */
export function isAlive(holder: Holder): boolean | undefined {
  if (holder.processes === undefined || holder.processes !== processTable()) return undefined;
  try {
    process.kill(holder.pid, 0);
  } catch (cause) {
    // EPERM: it exists, and is another user's.
    if (cause instanceof Error && 'code' in cause && cause.code === 'ESRCH') return false;
  }
  const started = startOf(holder.pid);
  // Where /proc is mounted with hidepid, the processes of others exist without saying when they started.
  return started === undefined || holder.started === undefined || started === holder.started;
}

/** `process 4711 of ada on laptop1` */
export function describeHolder({ user, host, pid }: Holder): string {
  return `process ${pid} of ${user} on ${host}`;
}

/** The holder in the label's text; undefined if there is none. */
export function parseHolder(text: string | undefined): Holder | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { user, host, pid, command, since, processes, started } = value as Record<string, unknown>;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
  if (![user, host, command, since].every((each) => typeof each === 'string')) return undefined;
  return {
    user: String(user),
    host: String(host),
    pid,
    command: String(command),
    since: String(since),
    ...(typeof processes === 'string' ? { processes } : {}),
    ...(typeof started === 'string' ? { started } : {}),
  };
}

function processTable(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

/** Field 22 of /proc/<pid>/stat (proc(5)); undefined if there is no /proc, or none of that process. */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, and may hold spaces.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** A user may have no name: `docker run --user 1234`. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
