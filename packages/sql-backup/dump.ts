import { createHash } from 'node:crypto';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Config } from './config.ts';
import { connect, readContents, readCreation } from './database.ts';
import { dumpKey } from './layout.ts';
import type { DatabaseManifest, StoredPart } from './manifest.ts';
import { startProgram } from './programs.ts';
import type { Report } from './report.ts';
import type { Store } from './store.ts';

/** Between two reports of how far an upload is. Milliseconds. */
const reportEvery = 1_000;

/**
 * Dumps one database into the storage. What is in it is counted in the snapshot that is dumped, so that both say the
 * same however much is written meanwhile.
 */
export async function dumpDatabase(options: {
  config: Config;
  store: Store;
  backup: string;
  database: string;
  report: Report;
  signal: AbortSignal;
}): Promise<DatabaseManifest> {
  const { config, store, backup, database, report, signal } = options;
  await using client = await connect(config.server, database, signal);
  await client.query('SET idle_in_transaction_session_timeout = 0');
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const { rows } = await client.query<{ snapshot: string }>('SELECT pg_export_snapshot() AS snapshot');
  report({ type: 'step', doing: `counting ${database}` });
  const creation = await readCreation(client);
  const contents = await readContents(client, 'hash');
  const dump = startProgram({
    folder: config.programs,
    program: 'pg_dump',
    args: ['--format=custom', '--no-password', `--snapshot=${rows[0]?.snapshot}`, `--dbname=${database}`],
    server: config.server,
    stdin: 'ignore',
    stdout: 'pipe',
    signal,
  });
  const { stdout } = dump.process;
  if (stdout === null) throw new Error('pg_dump has no output');
  const stored = await upload({
    store,
    key: dumpKey(backup, database),
    from: stdout,
    // An upload that ends with a part of the dump is no upload.
    whole: dump.ended,
    onBytes: (bytes) => report({ type: 'step', doing: `dumping ${database}`, bytes }),
    signal,
  }).catch((cause: unknown) => {
    dump.process.kill();
    throw cause;
  });
  return { name: database, dump: stored, creation, contents };
}

async function upload(options: {
  store: Store;
  key: string;
  from: Readable;
  whole: Promise<void>;
  onBytes: (bytes: number) => void;
  signal: AbortSignal;
}): Promise<StoredPart> {
  const { store, key, from, whole, onBytes, signal } = options;
  const hash = createHash('sha256');
  let bytes = 0;
  let reported = 0;
  const body = new PassThrough();
  const reading = pipeline(
    from,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        if (Date.now() - reported > reportEvery) {
          reported = Date.now();
          onBytes(bytes);
        }
        yield chunk;
      }
      await whole;
    },
    body,
  );
  await Promise.all([reading, store.putStream({ key, body, signal })]);
  return { key, bytes, sha256: hash.digest('hex') };
}
