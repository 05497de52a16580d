import { type Client, DatabaseError } from 'pg';
import { readManifest } from './catalogue.ts';
import type { Config, Server } from './config.ts';
import { connect, passing } from './database.ts';
import { loadDatabase, loadGlobals } from './load.ts';
import type { DatabaseManifest } from './manifest.ts';
import type { Report } from './report.ts';
import type { Store } from './store.ts';

/** One database, and the name that it gets. */
type Move = { database: DatabaseManifest; to: string; restored: string; former: string };

/**
 * Restores a backup. Each database is restored under another name and compared; then all of them change places with
 * those that are there, in one transaction. Until then, and if anything fails, what was there stays as it was.
 *
 * @param options.to name for the database, where another one is to be left alone; only with one database
 */
export async function restoreBackup(options: {
  config: Config;
  store: Store;
  name: string;
  database?: string | undefined;
  to?: string | undefined;
  report: Report;
  signal: AbortSignal;
}): Promise<{ name: string; databases: readonly string[] }> {
  const { config, store, name, report, signal } = options;
  const { server } = config;
  const manifest = await readManifest(store, name);
  const moves = chooseMoves({ ...options, databases: manifest.databases });
  await using lock = await connect(server, 'template1');
  if (!(await lockRestores(lock))) throw new Error('another restore is under way; wait for it to end');
  await dropPassing(server);
  await loadGlobals({ config, store, manifest, server });
  try {
    for (const { database, restored } of moves)
      await loadDatabase({ config, store, database, server, name: restored, report, signal });
    signal.throwIfAborted();
    report({ type: 'step', doing: 'changing places' });
    await changePlaces({ server, moves });
  } finally {
    await dropPassing(server);
  }
  return { name, databases: moves.map(({ to }) => to) };
}

/** Pure. */
export function chooseMoves(options: {
  databases: readonly DatabaseManifest[];
  database?: string | undefined;
  to?: string | undefined;
}): readonly Move[] {
  const { databases, database: only, to } = options;
  const chosen = databases.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0)
    throw new Error(
      only === undefined
        ? 'the backup holds no database'
        : `the backup holds no database ${only}, only ${databases.map(({ name }) => name).join(', ')}`,
    );
  if (to !== undefined && chosen.length > 1)
    throw new Error(`the backup holds ${chosen.length} databases, and only one can get the name ${to}`);
  return chosen.map((database, at) => ({
    database,
    to: to ?? database.name,
    restored: `${passing.restored}${at}`,
    former: `${passing.former}${at}`,
  }));
}

/**
 * Drops what a restore left behind that was killed with its program.
 *
 * @returns whether there is nothing left: a restore that is under way drops its databases itself
 */
export async function dropLeftovers(server: Server): Promise<boolean> {
  await using lock = await connect(server, 'template1');
  if (!(await lockRestores(lock))) return false;
  await dropPassing(server);
  return true;
}

/** Any number would do, as long as nobody else takes it for an advisory lock: the bytes of `arc`. */
const lockNumber = 0x61_72_63;
/** The server may notice the end of a program that was killed a moment later. Milliseconds. */
const lockLimit = 5_000;

/**
 * Makes sure that no two restores use the same names, until the connection ends.
 *
 * @returns whether no other one is under way
 */
async function lockRestores(client: Client): Promise<boolean> {
  await client.query(`SET lock_timeout = ${lockLimit}`);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockNumber]);
    return true;
  } catch (cause) {
    if (cause instanceof DatabaseError && cause.code === lockNotAvailable) return false;
    throw cause;
  }
}

/** https://www.postgresql.org/docs/18/errcodes-appendix.html */
const lockNotAvailable = '55P03';

/** Databases of a restore that was killed, or that has just ended. */
async function dropPassing(server: Server): Promise<void> {
  await using client = await connect(server, 'template1');
  const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
  const own = new RegExp(`^(?:${passing.restored}|${passing.former})\\d+$`);
  for (const { datname } of rows)
    if (own.test(datname))
      await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(datname)} WITH (FORCE)`);
}

/** Between two rounds of ending the connections of those who use what is to be renamed. Milliseconds. */
const endEvery = 100;

/**
 * Swaps names in one transaction. PostgreSQL locks a database against new connections before it waits, up to 5 s, for
 * those that there are to end; so these are ended meanwhile, and nobody can come back in between.
 */
async function changePlaces(options: { server: Server; moves: readonly Move[] }): Promise<void> {
  const { server, moves } = options;
  await using client = await connect(server, 'template1');
  await using ender = await connect(server, 'template1');
  const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
  const there = new Set(rows.map(({ datname }) => datname));
  const replaced = moves.filter(({ to }) => there.has(to)).map(({ to }) => to);
  let swapped = false;
  const ending = (async () => {
    while (!swapped) {
      await ender.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY ($1)', [
        replaced,
      ]);
      await new Promise((resolve) => setTimeout(resolve, endEvery));
    }
  })();
  const quote = (name: string): string => client.escapeIdentifier(name);
  try {
    await client.query('BEGIN');
    for (const { to, restored, former } of moves) {
      if (there.has(to)) await client.query(`ALTER DATABASE ${quote(to)} RENAME TO ${quote(former)}`);
      await client.query(`ALTER DATABASE ${quote(restored)} RENAME TO ${quote(to)}`);
    }
    await client.query('COMMIT');
  } finally {
    swapped = true;
    await ending;
  }
}
