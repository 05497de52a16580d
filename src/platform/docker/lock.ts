import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, prerequisite } from '../../core/errors.ts';
import { findCacheDirectory } from '../../host/home.ts';
import { findEndpoints } from './endpoint.ts';

/** A lock that is held. */
export type ProjectLock = AsyncDisposable & {
  /** The one before died without releasing it, and the Engine may still be busy with what it was asked. */
  abandoned: boolean;
};

/** Who holds a lock. `started` tells a process from a later one with the same number. */
type Holder = { pid: number; started: string; command: string; since: string; engine: string };

/**
 * Makes sure that one arc at a time changes a project on an Engine. The lock is one file for each project, Engine and
 * user: the project's containers have the same names whatever workspace they come from. A lock whose process is gone,
 * however it went, is taken over.
 *
 * @param options.command shown to whoever comes next: `arc up`
 * @throws ArcError `locked` (exit status 1) naming the holder, `no-cache-folder` (exit status 4)
 */
export async function lockProject(options: {
  project: string;
  command: string;
  environment: Readonly<Record<string, string | undefined>>;
}): Promise<ProjectLock> {
  const { project, command, environment } = options;
  const folder = join(findCacheDirectory(environment), 'locks');
  const engine = engineAddress(environment);
  const file = join(
    folder,
    `${project}.${createHash('sha256').update(engine).digest('hex').slice(0, 12)}.lock`,
  );
  const own = `${file}.${process.pid}-${performance.timeOrigin}`;
  const holder: Holder = {
    pid: process.pid,
    started: await startOf(process.pid),
    command,
    since: new Date().toISOString(),
    engine,
  };
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(own, JSON.stringify(holder));
  } catch (cause) {
    throw noLock({ folder, cause });
  }
  let abandoned = false;
  try {
    while (!(await claim({ own, file }))) {
      const other = await readHolder(file);
      if (other !== undefined && (await isAlive(other))) throw locked({ project, other });
      abandoned = true;
      await removeDead({ file, dead: other, aside: `${own}.dead` });
    }
  } finally {
    await rm(own, { force: true });
  }
  return { abandoned, [Symbol.asyncDispose]: () => rm(file, { force: true }) };
}

/**
 * The Engine that will be spoken to, as far as that is known before it is asked: the lock comes first, because ports
 * that another arc is opening are no obstacle. One socket has one name, however it is written.
 */
function engineAddress(environment: Readonly<Record<string, string | undefined>>): string {
  const addresses = findEndpoints(environment).map(({ address }) => realAddress(address));
  return addresses.find(({ there }) => there)?.address ?? addresses[0]?.address ?? '';
}

function realAddress(address: string): { address: string; there: boolean } {
  if (!address.startsWith('unix://')) return { address, there: !address.startsWith('npipe:') };
  try {
    return { address: `unix://${realpathSync(address.slice('unix://'.length))}`, there: true };
  } catch {
    // No Engine listens there; the connection says so.
    return { address, there: false };
  }
}

/** A hard link is made or refused in one step, and the file that it names is whole already. */
async function claim(options: { own: string; file: string }): Promise<boolean> {
  try {
    await link(options.own, options.file);
    return true;
  } catch (cause) {
    if (isErrno(cause, 'EEXIST')) return false;
    throw cause;
  }
}

/** Moves a dead lock out of the way; a live one that came meanwhile is put back. */
async function removeDead(options: { file: string; dead: Holder | undefined; aside: string }): Promise<void> {
  const { file, dead, aside } = options;
  try {
    await rename(file, aside);
  } catch (cause) {
    if (isErrno(cause, 'ENOENT')) return;
    throw cause;
  }
  const moved = await readHolder(aside);
  if (JSON.stringify(moved) !== JSON.stringify(dead)) await claim({ own: aside, file });
  await rm(aside, { force: true });
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0);
  } catch (cause) {
    if (!isErrno(cause, 'EPERM')) return false;
  }
  return (await startOf(holder.pid)) === holder.started;
}

/** Start time in ticks since boot, field 22 of /proc/<pid>/stat (proc(5)); empty where there is no /proc. */
async function startOf(pid: number): Promise<string> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, and may hold spaces.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function locked(options: { project: string; other: Holder }) {
  const { project, other } = options;
  return failed({
    code: 'locked',
    message: `${project} is being changed by \`${other.command}\`, process ${other.pid}, since ${other.since}, on the Engine at ${other.engine}.`,
    suggestion: 'wait until it is done, or interrupt it; this command can then be run again',
  });
}

function noLock(options: { folder: string; cause: unknown }) {
  const { folder, cause } = options;
  const full = isErrno(cause, 'ENOSPC') || isErrno(cause, 'EDQUOT');
  return prerequisite(
    {
      code: 'no-cache-folder',
      message: `arc could not write to ${folder}, where it notes which command changes a project: ${cause instanceof Error ? cause.message : String(cause)}.`,
      suggestion: full
        ? 'free space on that disk, or set XDG_CACHE_HOME to a folder on another one'
        : 'set XDG_CACHE_HOME to a folder that you may write to, or HOME to yours',
    },
    cause,
  );
}

function isErrno(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === code;
}
