import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { makeBackup } from './backup.ts';
import type { Config, Server } from './config.ts';
import { recoveredName } from './layout.ts';
import { type Archive, type Base, readArchives, segmentKey } from './log-archive.ts';
import { endSegment, readCluster } from './log-slot.ts';
import type { Manifest } from './manifest.ts';
import { startProgram } from './programs.ts';
import { type Report, wordsOf } from './report.ts';
import type { Store } from './store.ts';
import { frugalSettings, scratchPrefix, startServer } from './throw-away.ts';

/** The log of a day is replayed in it. Milliseconds. */
const recoverLimit = 6 * 60 * 60_000;
/** What has just been written comes into the storage within seconds. Milliseconds. */
const uploadLimit = 60_000;

/**
 * Puts together what a server had at a moment, from the base before it and the log since, in a server that is thrown
 * away; and leaves that in the storage as a backup, from which it is restored as from any other.
 *
 * @throws Error where the moment is in the future, or before the first base, or the log does not reach it
 */
export async function recover(options: {
  config: Config;
  store: Store;
  time: Date;
  report: Report;
  signal: AbortSignal;
}): Promise<Manifest> {
  const { config, store, time, report, signal } = options;
  if (time.getTime() > Date.now()) throw new Error(`${time.toISOString()} is in the future`);
  await bringLog({ config, store, report, signal });
  const base = chooseBase(await readArchives(store), time);
  report({ type: 'step', doing: `unpacking the base of ${base.finishedAt}`, bytes: base.tar.bytes });
  await using server = await startAt({ config, store, base, time, report, signal });
  return await makeBackup({
    config: { ...config, server },
    store,
    name: recoveredName(time),
    report,
    signal,
  });
}

/** The newest base that was finished before a moment. Pure. */
export function chooseBase(archives: readonly Archive[], time: Date): Base {
  const bases = archives
    .flatMap((archive) => archive.bases)
    .toSorted((one, other) => Date.parse(one.finishedAt) - Date.parse(other.finishedAt));
  const base = bases.findLast(({ finishedAt }) => Date.parse(finishedAt) <= time.getTime());
  if (base !== undefined) return base;
  const [oldest] = bases;
  throw new Error(
    oldest === undefined
      ? 'there is no base backup: sql_point_in_time is off, or was turned on just now'
      : `the first moment that can be restored is ${oldest.finishedAt}`,
  );
}

/** What was written until now is in the storage afterwards. A server that is away has nothing to bring. */
async function bringLog(options: {
  config: Config;
  store: Store;
  report: Report;
  signal: AbortSignal;
}): Promise<void> {
  const { config, store, report, signal } = options;
  report({ type: 'step', doing: 'waiting for the end of the log' });
  let key: string;
  try {
    key = segmentKey(await readCluster(config.server), await endSegment(config.server));
  } catch {
    return;
  }
  const until = Date.now() + uploadLimit;
  while ((await store.list(key)).length === 0) {
    if (Date.now() > until) return;
    await pause(500, undefined, { signal });
  }
}

async function startAt(options: {
  config: Config;
  store: Store;
  base: Base;
  time: Date;
  report: Report;
  signal: AbortSignal;
}): Promise<Server & AsyncDisposable> {
  const { config, store, base, time, report, signal } = options;
  const { programs: folder, scratch, server } = config;
  const home = await mkdtemp(join(scratch, scratchPrefix));
  const remove = (): Promise<void> => rm(home, { recursive: true, force: true });
  try {
    const data = join(home, 'data');
    await mkdir(data, { mode: 0o700 });
    await unpack({ store, base, data, signal });
    await writeFile(join(data, 'recovery.signal'), '');
    // Whoever can open the socket is the container's own user.
    await writeFile(join(home, 'pg_hba.conf'), 'local all all trust\n');
    report({ type: 'step', doing: `replaying the log until ${time.toISOString()}` });
    const fetch = [process.execPath, process.argv[1], 'fetch-log', `--cluster=${base.cluster}`].join(' ');
    return await startServer({
      folder,
      home,
      data,
      user: server.user,
      settings: [
        ...frugalSettings,
        `hba_file=${join(home, 'pg_hba.conf')}`,
        `restore_command=${fetch} --segment=%f --target=%p`,
        // It takes no letter for a time zone.
        `recovery_target_time=${time.toISOString().replace('T', ' ').replace('Z', '+00')}`,
        'recovery_target_action=promote',
        // It takes connections once it is done.
        'hot_standby=off',
      ],
      limit: recoverLimit,
      signal,
      remove,
    });
  } catch (cause) {
    await remove();
    throw new Error(`the server of ${time.toISOString()} did not start: ${wordsOf(cause)}`, { cause });
  }
}

async function unpack(options: {
  store: Store;
  base: Base;
  data: string;
  signal: AbortSignal;
}): Promise<void> {
  const { store, base, data, signal } = options;
  const tar = startProgram({
    // Of the shell, which has it built in where the image has no program of the name.
    folder: '/bin',
    program: 'sh',
    args: ['-c', 'tar -x -z -f - -C "$0"', data],
    stdin: 'pipe',
    stdout: 'ignore',
    signal,
  });
  const { stdin } = tar.process;
  if (stdin === null) throw new Error('tar has no input');
  const hash = createHash('sha256');
  const fed = pipeline(
    await store.get(base.tar.key),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    stdin,
  );
  const [feeding, unpacked] = await Promise.allSettled([fed, tar.ended]);
  if (feeding.status === 'fulfilled' && hash.digest('hex') !== base.tar.sha256)
    throw new Error(`${base.tar.key} has another SHA-256 than its record says`);
  if (unpacked.status === 'rejected') throw unpacked.reason;
  if (feeding.status === 'rejected') throw feeding.reason;
}
