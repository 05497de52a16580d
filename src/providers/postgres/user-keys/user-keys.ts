import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { UserKey } from '../../../contracts/seal.ts';
import { failed } from '../../../core/errors.ts';
import { type DatabaseServer, withDatabase } from '../client.ts';

// The table of services/sql/migrations/0002_user_keys.sql. A key that is taken out and may still be on the disk has
// `infinity` as the time of its end.

type Given = { server: DatabaseServer; database: string; user: string; signal: AbortSignal };

/** How long a transaction that still sees a key is waited for. */
const waitMilliseconds = 10_000;

/**
 * Whether a user has a key that is not destroyed, or not wholly.
 *
 * @throws ArcError `no-user-keys` where the database keeps none
 */
export function hasUserKey(given: Given): Promise<boolean> {
  return withDatabase(given, async (client) => {
    await requireTable(client, given.database);
    const { rows } = await client.query(
      "SELECT 1 FROM privacy.user_keys WHERE user_id = $1 AND coalesce(destroyed_at, 'infinity') = 'infinity'",
      [given.user],
    );
    return rows.length > 0;
  });
}

/**
 * The key of a user, as programs of the stack get it; made where there is none.
 *
 * @throws ArcError `no-user-keys` where the database keeps none
 */
export function keyOfUser(given: Given): Promise<UserKey> {
  return withDatabase(given, async (client) => {
    await requireTable(client, given.database);
    const { rows } = await client.query<UserKey>('SELECT id, key FROM privacy.key_of_user($1)', [given.user]);
    const [found] = rows;
    if (found === undefined) throw new Error('privacy.key_of_user makes a key where there is none');
    return found;
  });
}

/**
 * Destroys a user's key, and has the server rewrite its table: an update alone leaves the old row in the file. No program
 * gets the key from the first moment on. It counts as destroyed once the file is without it, so that an attempt that
 * failed can be repeated.
 *
 * @returns when, as ISO 8601; undefined where the user had none
 * @throws ArcError `no-user-keys` where the database keeps none, `key-still-seen`
 */
export function destroyUserKey(given: Given): Promise<string | undefined> {
  const { database, user, signal } = given;
  return withDatabase(given, async (client) => {
    await requireTable(client, database);
    await client.query(
      "UPDATE privacy.user_keys SET key = NULL, destroyed_at = 'infinity' WHERE user_id = $1 AND key IS NOT NULL",
      [user],
    );
    // The statistics of a column hold some of its values.
    await client.query('ALTER TABLE privacy.user_keys ALTER COLUMN key SET STATISTICS 0');
    await client.query("SELECT pg_clear_attribute_stats('privacy', 'user_keys', 'key', false)");
    await untilUnseen({ client, user, signal });
    await client.query('VACUUM FULL privacy.user_keys, pg_catalog.pg_statistic');
    const { rows } = await client.query<{ at: Date }>(
      `UPDATE privacy.user_keys SET destroyed_at = now()
       WHERE user_id = $1 AND destroyed_at = 'infinity' RETURNING destroyed_at AS at`,
      [user],
    );
    return rows[0]?.at.toISOString();
  });
}

/** A rewritten table keeps every row that an open transaction may still see. */
async function untilUnseen(options: { client: pg.Client; user: string; signal: AbortSignal }): Promise<void> {
  const { client, user, signal } = options;
  const end = Date.now() + waitMilliseconds;
  for (;;) {
    const { rows } = await client.query<{ who: string }>(stillSeeing, [user]);
    if (rows.length === 0) return;
    if (Date.now() >= end)
      throw failed({
        code: 'key-still-seen',
        message: `The key of ${user} is out of use, but still on the disk: an open transaction may see it.`,
        detail: rows.map(({ who }) => who),
        suggestion: 'repeat the command once the transaction has ended',
      });
    await sleep(200, undefined, { signal });
  }
}

/** Whoever began before the key was taken out. What is older has the greater age. */
const stillSeeing = `
  WITH taken_out AS (
    SELECT min(age(xmin)) AS age FROM privacy.user_keys WHERE user_id = $1 AND destroyed_at = 'infinity'
  )
  SELECT 'process ' || pid || ' of the database server, ' || coalesce(nullif(application_name, ''), 'a client') AS who
  FROM pg_stat_activity, taken_out
  WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND greatest(age(backend_xmin), age(backend_xid)) >= taken_out.age
  UNION ALL
  SELECT 'the replication slot ' || slot_name FROM pg_replication_slots, taken_out
  WHERE age(pg_replication_slots.xmin) >= taken_out.age`;

async function requireTable(client: pg.Client, database: string): Promise<void> {
  const { rows } = await client.query("SELECT 1 WHERE to_regclass('privacy.user_keys') IS NOT NULL");
  if (rows.length > 0) return;
  throw failed({
    code: 'no-user-keys',
    message: `The database ${database} has no table of users' keys.`,
    suggestion: 'apply its migrations with `arc sql migrate`',
  });
}
