import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { spanMetrics } from '../spans/metrics.ts';
import { makeBackup } from './backup.ts';
import { makeBase } from './base-backup.ts';
import { readKnown } from './catalogue.ts';
import type { Config } from './config.ts';
import { judge, type Verdict } from './health.ts';
import { archiveOf, readArchives } from './log-archive.ts';
import { judgeLog, needsBase } from './log-health.ts';
import { expiredLog } from './log-retention.ts';
import { dropSlot } from './log-slot.ts';
import { metricsText } from './metrics.ts';
import { type LogState, receiveLog } from './receive-log.ts';
import { type Report, wordsOf } from './report.ts';
import { dropLeftovers } from './restore.ts';
import type { Schedule } from './schedule.ts';
import { sleep } from './sleep.ts';
import { spans } from './spans.ts';
import type { Store } from './store.ts';
import { sweep, sweepScratch } from './sweep.ts';
import { verifyBackup } from './verify.ts';

/** Between two looks at what is due. Milliseconds. */
const lookEvery = 30_000;
/** Before a run that failed is tried again: soon at first, because the database may be starting. */
const againAfter = { first: 2_000, longest: 60_000 };
/** A storage that is away answers a question of health within this. */
const healthLimit = 4_000;

/** Since when this database is backed up by a schedule: before that, nothing was due. */
async function readSince(config: Config, name: 'since' | 'log-since'): Promise<Date> {
  const file = join(config.scratch, name);
  const known = await readFile(file, 'utf8').catch(() => undefined);
  const time = known === undefined ? undefined : new Date(known.trim());
  if (time !== undefined && !Number.isNaN(time.getTime())) return time;
  const now = new Date();
  await writeFile(file, `${now.toISOString()}\n`);
  return now;
}

/**
 * Backs up and verifies when it is due, until it is told to stop. A run that was missed, because nothing ran then, is
 * made up for; the first backup is made as soon as the database can be reached.
 */
export async function serve(options: {
  config: Config;
  store: Store;
  report: Report;
  signal: AbortSignal;
}): Promise<void> {
  const { config, store, report, signal } = options;
  await sweepScratch(config.scratch);
  const since = await readSince(config, 'since');
  const logSince = config.pointInTime === undefined ? undefined : await readSince(config, 'log-since');
  const log: LogState = {};
  let lastFailure: string | undefined;
  await listen({
    port: config.port,
    health: async () => {
      const backups = await within(readKnown(store), healthLimit);
      const { backup, verify } = config.schedule;
      const verdict = judge({ backups, backup, verify, since, now: new Date(), lastFailure });
      if (logSince === undefined) return verdict;
      const archives = await within(readArchives(store), healthLimit);
      const archive = archiveOf(archives, log.cluster ?? '');
      const { ok, said } = judgeLog({ archive, state: log, since: logSince, now: new Date() });
      return { ok: verdict.ok && ok, said: [verdict.said, ...said].join('; ') };
    },
    metrics: async () =>
      metricsText(await within(readKnown(store), healthLimit)) + spanMetrics(spans.counts()),
    signal,
  });
  const receiving =
    config.pointInTime === undefined ? undefined : receiveLog({ config, store, state: log, report, signal });
  let wait = againAfter.first;
  let cleaned = false;
  while (!signal.aborted) {
    let next = lookEvery;
    try {
      if (!cleaned) cleaned = await cleanUp(config);
      await runWhatIsDue({ config, store, report, signal });
      await keepLog({ config, store, log, report, signal });
      lastFailure = undefined;
      wait = againAfter.first;
    } catch (cause) {
      if (signal.aborted) break;
      lastFailure = wordsOf(cause);
      next = wait;
      wait = Math.min(wait * 2, againAfter.longest);
      report({ type: 'failure', message: lastFailure });
    }
    await sleep(next, signal);
  }
  await receiving;
}

/** Removes what an earlier process left in the server. */
async function cleanUp(config: Config): Promise<boolean> {
  return await spans.within({ name: 'clean-up' }, async () => {
    if (config.pointInTime === undefined) await dropSlot(config.server);
    return await dropLeftovers(config.server);
  });
}

/** Copies the server's files where a base is due, and removes what of the log nobody can ask for any more. */
async function keepLog(options: {
  config: Config;
  store: Store;
  log: LogState;
  report: Report;
  signal: AbortSignal;
}): Promise<void> {
  const { config, store, log, report, signal } = options;
  const { cluster } = log;
  if (config.pointInTime === undefined || cluster === undefined) return;
  const archive = archiveOf(await readArchives(store), cluster);
  const newest = archive.bases.at(-1);
  if (needsBase(archive, log) || isDue(config.schedule.backup, new Date(newest?.startedAt ?? 0))) {
    const { name } = await makeBase({ config, store, cluster, report, signal });
    report({ type: 'answer', answer: { base: name } });
  }
  const gone = expiredLog({
    archives: await readArchives(store),
    cluster,
    keepDays: config.pointInTime.keepDays,
    now: new Date(),
  });
  await store.remove(gone);
}

async function runWhatIsDue(options: {
  config: Config;
  store: Store;
  report: Report;
  signal: AbortSignal;
}): Promise<void> {
  const { config, store, report, signal } = options;
  const known = await readKnown(store);
  const newest = known.at(-1);
  if (newest === undefined || isDue(config.schedule.backup, newest.at)) {
    const { name } = await spans.within(
      { name: 'backup' },
      async () => await makeBackup({ config, store, report, signal }),
    );
    report({ type: 'answer', answer: { backup: name } });
  }
  const now = await readKnown(store);
  const last = now.at(-1);
  const verifiedAt = now
    .flatMap(({ verified }) => verified?.at ?? [])
    .toSorted((a, b) => +a - +b)
    .at(-1);
  if (
    last !== undefined &&
    last.verified === undefined &&
    (verifiedAt === undefined || isDue(config.schedule.verify, verifiedAt))
  ) {
    const { ok, problems } = await spans.within(
      { name: 'verify' },
      async () => await verifyBackup({ config, store, name: last.name, report, signal }),
    );
    report({ type: 'answer', answer: { verified: last.name, ok, problems } });
  }
  const removed = await sweep({ store, keep: config.keep, now: new Date() });
  if (removed.length > 0) report({ type: 'answer', answer: { removed } });
}

function isDue(schedule: Schedule, last: Date): boolean {
  const due = schedule.lastDue(new Date());
  return due !== undefined && last < due;
}

async function listen(options: {
  port: number;
  health: () => Promise<Verdict>;
  /** In the text format of Prometheus. */
  metrics: () => Promise<string>;
  signal: AbortSignal;
}): Promise<void> {
  const { port, health, metrics, signal } = options;
  const server = createServer((request, response) => {
    const send = (status: number, said: string): void => {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
      response.end(`${said}\n`);
    };
    if (request.url === '/') return send(200, 'running');
    // Where storage is away nobody knows how old the backups are: no metrics, which is a gap and not a number.
    if (request.url === '/metrics') {
      metrics().then(
        (text) => send(200, text.trimEnd()),
        (cause) => send(503, wordsOf(cause)),
      );
      return;
    }
    if (request.url !== '/health') return send(404, 'not found');
    health().then(
      ({ ok, said }) => send(ok ? 200 : 503, said),
      (cause) => send(503, `the storage of the backups does not answer: ${wordsOf(cause)}`),
    );
  });
  signal.addEventListener('abort', () => {
    server.close();
    server.closeAllConnections();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
}

async function within<Result>(work: Promise<Result>, limit: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limit / 1_000} s`)), limit);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
