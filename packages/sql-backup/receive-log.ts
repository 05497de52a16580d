import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { segmentKey } from './log-archive.ts';
import { ensureSlot, readCluster, slot } from './log-slot.ts';
import { startProgram } from './programs.ts';
import { type Report, wordsOf } from './report.ts';
import { sleep } from './sleep.ts';
import type { Store } from './store.ts';
import { isSegment } from './wal-names.ts';

/** What is known of the log on its way. */
export type LogState = {
  /** Of the server; nothing before it has answered. */
  cluster?: string;
  /** Since when the log does not come through, and why. */
  failing?: { since: Date; reason: string };
  /** When the server began to keep its log anew: what it had to let go of before is missing. */
  begunAnew?: Date;
};

/** Between two looks for segments that are whole. Milliseconds. */
const lookEvery = 1_000;
/** Before another attempt. Milliseconds. */
const againAfter = { first: 1_000, longest: 30_000 };
/**
 * So many segments wait here for a storage that is away; the server keeps what comes after them, up to its own limit.
 * Compressed, a segment is at most 16 MiB.
 */
const waitingLimit = 16;

/**
 * Brings the log of changes from the server to the storage, segment by segment, until it is told to stop. Whatever
 * fails is tried again; the database notices nothing of it.
 */
export async function receiveLog(options: {
  config: Config;
  store: Store;
  state: LogState;
  report: Report;
  signal: AbortSignal;
}): Promise<void> {
  const { config, state, report, signal } = options;
  let wait = againAfter.first;
  while (!signal.aborted) {
    try {
      const cluster = await readCluster(config.server);
      state.cluster = cluster;
      if ((await ensureSlot(config.server)) === 'new') {
        state.begunAnew = new Date();
        await removeUnfinished(folderOf(config, cluster));
      }
      await receiveFrom({ ...options, cluster, onUpload: () => (wait = againAfter.first) });
    } catch (cause) {
      if (signal.aborted) return;
      const reason = wordsOf(cause);
      state.failing ??= { since: new Date(), reason };
      state.failing.reason = reason;
      report({ type: 'failure', message: `the log of changes: ${reason}` });
    }
    await sleep(wait, signal);
    wait = Math.min(wait * 2, againAfter.longest);
  }
}

/** Where segments wait, by cluster: another one must not go on where this one ended. */
function folderOf(config: Config, cluster: string): string {
  return join(config.scratch, 'log', cluster);
}

async function receiveFrom(options: {
  config: Config;
  store: Store;
  state: LogState;
  cluster: string;
  onUpload: () => void;
  signal: AbortSignal;
}): Promise<void> {
  const { config, store, state, cluster, onUpload, signal } = options;
  const folder = folderOf(config, cluster);
  await mkdir(folder, { recursive: true });
  // What waits goes first, so that nothing piles up while the storage is away.
  await store.ensureBucket();
  await upload({ folder, store, cluster, signal });
  const stop = new AbortController();
  const receiver = startProgram({
    folder: config.programs,
    program: 'pg_receivewal',
    args: [`--directory=${folder}`, `--slot=${slot}`, '--compress=gzip:1', '--no-loop', '--no-password'],
    server: config.server,
    stdin: 'ignore',
    stdout: 'ignore',
    signal: AbortSignal.any([signal, stop.signal]),
  });
  let ended: unknown;
  void receiver.ended.then(
    () => (ended = new Error('pg_receivewal ended')),
    (cause: unknown) => (ended = cause),
  );
  try {
    while (!signal.aborted && ended === undefined) {
      await sleep(lookEvery, signal);
      const waiting = await wholeSegments(folder);
      if (waiting.length === 0) {
        delete state.failing;
        continue;
      }
      try {
        await upload({ folder, store, cluster, signal });
        delete state.failing;
        onUpload();
      } catch (cause) {
        state.failing ??= { since: new Date(), reason: wordsOf(cause) };
        if (waiting.length >= waitingLimit) throw cause;
      }
    }
    if (ended !== undefined && !signal.aborted) throw ended;
  } finally {
    stop.abort();
    await receiver.ended.catch(() => undefined);
  }
}

/** pg_receivewal would go on with it, and the server has no longer what comes next. */
async function removeUnfinished(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = await readdir(folder);
  for (const name of names.filter((one) => one.endsWith('.partial'))) await rm(join(folder, name));
}

async function wholeSegments(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith('.gz') && isSegment(name.slice(0, -3))).toSorted();
}

async function upload(options: {
  folder: string;
  store: Store;
  cluster: string;
  signal: AbortSignal;
}): Promise<void> {
  const { folder, store, cluster, signal } = options;
  for (const name of await wholeSegments(folder)) {
    signal.throwIfAborted();
    const file = join(folder, name);
    await store.putStream({
      key: segmentKey(cluster, name.slice(0, -3)),
      body: createReadStream(file),
      signal,
    });
    await rm(file);
  }
}
