import { createHash } from 'node:crypto';
import { text as textOf } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { differences } from './compare.ts';
import type { Config, Server } from './config.ts';
import { creationStatements } from './create-database.ts';
import { connect, readContents } from './database.ts';
import { applyGlobals, sha256 } from './globals.ts';
import type { DatabaseManifest, Manifest, StoredPart } from './manifest.ts';
import { startProgram } from './programs.ts';
import type { Report } from './report.ts';
import type { Store } from './store.ts';

/** A part of a backup is not what its manifest says, or what came of it is not what was there. */
export class Differs extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('; '));
    this.problems = problems;
  }
}

/** Creates the roles of a backup in a server, as far as it lacks them. */
export async function loadGlobals(options: {
  config: Config;
  store: Store;
  manifest: Manifest;
  server: Server;
}): Promise<void> {
  const { config, store, manifest, server } = options;
  const content = await textOf(await store.get(manifest.globals.key));
  refuseOther({ part: manifest.globals, bytes: Buffer.byteLength(content), hash: sha256(content) });
  await using client = await connect(server, 'template1');
  await applyGlobals({ content, client, server, programs: config.programs });
}

/**
 * Restores one database under a name that is free, and compares it with the manifest.
 *
 * @param options.name of the new database; it stays where this throws
 * @throws Differs where the dump is damaged, or anything of it is missing afterwards
 */
export async function loadDatabase(options: {
  config: Config;
  store: Store;
  database: DatabaseManifest;
  server: Server;
  name: string;
  report: Report;
  signal: AbortSignal;
}): Promise<void> {
  const { config, store, database, server, name, report, signal } = options;
  {
    await using client = await connect(server, 'template1');
    const statements = creationStatements({ name, creation: database.creation, quote: client });
    for (const statement of statements) await client.query(statement);
  }
  report({ type: 'step', doing: `restoring ${database.name}`, bytes: database.dump.bytes });
  const restore = startProgram({
    folder: config.programs,
    program: 'pg_restore',
    args: ['--exit-on-error', '--no-password', `--dbname=${name}`],
    server,
    stdin: 'pipe',
    stdout: 'ignore',
    signal,
  });
  const { stdin } = restore.process;
  if (stdin === null) throw new Error('pg_restore has no input');
  const hash = createHash('sha256');
  let bytes = 0;
  const fed = pipeline(
    await store.get(database.dump.key),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    stdin,
  );
  const [feeding, restored] = await Promise.allSettled([fed, restore.ended]);
  // What pg_restore says of a damaged dump says less than that it is damaged.
  if (feeding.status === 'fulfilled') refuseOther({ part: database.dump, bytes, hash: hash.digest('hex') });
  if (restored.status === 'rejected') throw restored.reason;
  if (feeding.status === 'rejected') throw feeding.reason;
  report({ type: 'step', doing: `comparing ${database.name}` });
  await using client = await connect(server, name, signal);
  const problems = differences({ wanted: database, restored: await readContents(client, 'hash') });
  if (problems.length > 0) throw new Differs(problems);
}

function refuseOther(options: { part: StoredPart; bytes: number; hash: string }): void {
  const { part, bytes, hash } = options;
  if (bytes !== part.bytes)
    throw new Differs([`${part.key} has ${bytes} bytes in the storage instead of ${part.bytes}`]);
  if (hash !== part.sha256) throw new Differs([`${part.key} has another SHA-256 than its manifest says`]);
}
