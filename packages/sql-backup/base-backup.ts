import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Config } from './config.ts';
import { connect } from './database.ts';
import { backupName } from './layout.ts';
import { type Base, baseKey } from './log-archive.ts';
import { startProgram } from './programs.ts';
import type { Report } from './report.ts';
import type { Store } from './store.ts';

/**
 * Copies the files of a running server into the storage, with as much of the log as they need to be whole. The record
 * is written last: what has none is not a base.
 */
export async function makeBase(options: {
  config: Config;
  store: Store;
  cluster: string;
  report: Report;
  signal: AbortSignal;
}): Promise<Base> {
  const { config, store, cluster, report, signal } = options;
  const startedAt = new Date();
  const name = backupName(startedAt);
  const key = baseKey(cluster, name, 'base.tar.gz');
  report({ type: 'step', doing: 'copying the files of the server' });
  await store.ensureBucket();
  // Before the copy begins, so that the log has all that comes after it.
  const { firstSegment, version } = await readPosition(config);
  const copy = startProgram({
    folder: config.programs,
    program: 'pg_basebackup',
    args: [
      '--pgdata=-',
      '--format=tar',
      '--wal-method=fetch',
      '--checkpoint=fast',
      '--gzip',
      '--no-password',
    ],
    server: config.server,
    stdin: 'ignore',
    stdout: 'pipe',
    signal,
  });
  const { stdout } = copy.process;
  if (stdout === null) throw new Error('pg_basebackup has no output');
  const hash = createHash('sha256');
  let bytes = 0;
  const body = new PassThrough();
  const reading = pipeline(
    stdout,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
      // An upload that ends with a part of the copy is no upload.
      await copy.ended;
    },
    body,
  );
  try {
    await Promise.all([reading, store.putStream({ key, body, signal })]);
    const base: Base = {
      format: 1,
      name,
      cluster,
      startedAt: startedAt.toISOString(),
      finishedAt: new Date().toISOString(),
      version,
      firstSegment,
      tar: { key, bytes, sha256: hash.digest('hex') },
    };
    await store.putText(baseKey(cluster, name, 'base.json'), `${JSON.stringify(base, undefined, 2)}\n`);
    return base;
  } catch (cause) {
    copy.process.kill();
    await store.remove([key]).catch(() => undefined);
    throw cause;
  }
}

async function readPosition({ server }: Config): Promise<{ firstSegment: string; version: string }> {
  await using client = await connect(server, 'template1');
  const { rows } = await client.query<{ segment: string; version: string }>(
    "SELECT pg_walfile_name(pg_current_wal_insert_lsn()) AS segment, split_part(current_setting('server_version'), ' ', 1) AS version",
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the server does not say where its log is');
  return { firstSegment: row.segment, version: row.version };
}
