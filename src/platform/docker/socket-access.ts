import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { userInfo } from 'node:os';

/** Who may use a socket that refused this process. */
export type SocketAccess =
  /** A group; `joined` where this user has been added to it since this session began. */
  | { kind: 'group'; group: string; joined: boolean }
  /** Its owner alone. */
  | { kind: 'owner' }
  /** Its folder is closed, or something other than its mode refuses. */
  | { kind: 'unknown' };

const groupMayConnect = 0o020;
const rootGroup = 0;

/** Reads who may use the socket at a path. Only the members of its group may, where the mode lets them write. */
export function readSocketAccess(path: string): SocketAccess {
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
  return { kind: 'group', group: groupName(gid), joined: groupsOfUser().includes(String(gid)) };
}

/** The name of this process's user; nothing where it has none, as in many containers. */
export function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

/** `usermod` takes the number too. */
function groupName(gid: number): string {
  return ask('getent', ['group', String(gid)])?.split(':')[0] || String(gid);
}

/** As the user database has them now; a process keeps those of its session. */
function groupsOfUser(): readonly string[] {
  const name = userName();
  return name === undefined ? [] : (ask('id', ['-G', name]) ?? '').trim().split(' ');
}

/** The answer of a program; nothing where it fails or is missing. */
function ask(program: string, parameters: readonly string[]): string | undefined {
  try {
    return execFileSync(program, parameters, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 2_000,
    });
  } catch {
    return undefined;
  }
}
