import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The holder shows this often that it is alive … */
const beatMilliseconds = 1000;
/** … and counts as dead after this long without a sign: a suspended machine should not lose its lock immediately. */
const staleMilliseconds = 15_000;
const pollMilliseconds = 250;

type Holder = { pid: number; host: string };

/**
 * Runs `work` while holding a lock file, and waits for other holders, even on another machine that shares the folder.
 * The lock only saves work: two builders at once do no harm, because results are renamed into place.
 *
 * @param options.onWait called again and again while waiting, with who is waited for
 */
export async function withBuildLock<T>(options: {
  file: string;
  signal: AbortSignal;
  onWait: (holder: string) => void;
  work: () => Promise<T>;
}): Promise<T> {
  const { file } = options;
  await mkdir(dirname(file), { recursive: true });
  while (!(await tryLock(file))) {
    options.signal.throwIfAborted();
    const holder = await readHolder(file);
    if (await isStale(file, holder)) await rm(file, { force: true });
    else {
      options.onWait(holder ? `process ${holder.pid} on ${holder.host}` : 'another process');
      await sleep(pollMilliseconds, undefined, { signal: options.signal });
    }
  }
  const heart = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {});
  }, beatMilliseconds);
  heart.unref();
  try {
    return await options.work();
  } finally {
    clearInterval(heart);
    await rm(file, { force: true });
  }
}

async function tryLock(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder));
    await handle.close();
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch {
    // Between being made and being written, or gone meanwhile.
    return undefined;
  }
}

async function isStale(file: string, holder: Holder | undefined): Promise<boolean> {
  if (holder?.host === hostname() && !isAlive(holder.pid)) return true;
  const status = await stat(file).catch(() => undefined);
  return status !== undefined && Date.now() - status.mtimeMs > staleMilliseconds;
}

/** Whether a process of this machine is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
