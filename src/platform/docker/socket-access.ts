import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { run } from '../../host/process.ts';
import { succeeded } from '../../host/process-end.ts';

/** Who may use a socket that refused this process. */
export type SocketAccess =
  /** A group; `joined` where this user has been added to it since this session began. */
  | { kind: 'group'; group: string; joined: boolean }
  /** Only its owner. */
  | { kind: 'owner' }
  /** Its folder is closed, or something other than its mode refuses. */
  | { kind: 'unknown' };

const groupMayConnect = 0o020;
const rootGroup = 0;

/** Reads who may use the socket at a path: members of its group, if the mode lets them write. */
export async function readSocketAccess(path: string): Promise<SocketAccess> {
  let socket: { mode: number; gid: number };
  try {
    socket = statSync(path);
  } catch {
    return { kind: 'unknown' };
  }
  const { mode, gid } = socket;
  if (!(mode & groupMayConnect) || gid === rootGroup) return { kind: 'owner' };
  // A member whom the kernel refuses: a security module, or a user namespace.
  if (process.getgroups?.().includes(gid)) return { kind: 'unknown' };
  const [group, joined] = await Promise.all([groupName(gid), groupsOfUser()]);
  return { kind: 'group', group, joined: joined.includes(String(gid)) };
}

/** The name of this process's user; undefined if it has none, as in many containers. */
export function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

/** `usermod` takes the number too. */
async function groupName(gid: number): Promise<string> {
  return (await ask('getent', ['group', String(gid)]))?.split(':')[0] || String(gid);
}

/** As the user database has them now; a process keeps those of its session. */
async function groupsOfUser(): Promise<readonly string[]> {
  const name = userName();
  return name === undefined ? [] : ((await ask('id', ['-G', name])) ?? '').trim().split(' ');
}

/** The answer of a program; undefined if it fails or is missing. */
async function ask(command: string, args: readonly string[]): Promise<string | undefined> {
  const ended = await run({ command, args, environment: process.env, limitMilliseconds: 2_000 });
  return succeeded(ended) ? ended.stdout.toString('utf8') : undefined;
}
