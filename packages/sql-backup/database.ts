import { Client } from 'pg';
import { observeQueries } from '../spans/sql.ts';
import type { Server } from './config.ts';
import type { Contents, Creation, DatabaseGrant } from './manifest.ts';
import { spans } from './spans.ts';

/** Names of databases that a restore makes and removes again. */
export const passing = { restored: 'arc_restored_', former: 'arc_former_' } as const;

/** A connection is given up after this. Milliseconds. */
const connectLimit = 10_000;

/**
 * Connects to one database of a server; the connection ends with the scope.
 *
 * @param signal ends what the server does for it, which may wait for a lock that somebody holds
 */
export async function connect(
  server: Server,
  database: string,
  signal?: AbortSignal,
): Promise<Client & AsyncDisposable> {
  const client = new Client({
    ...server,
    database,
    connectionTimeoutMillis: connectLimit,
    application_name: 'arc-backup',
    keepAlive: true,
  });
  // Its loss is told by the query that it breaks.
  client.on('error', () => undefined);
  observeQueries({ client, spans });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const end = (): void => void endBackend(server, rows[0]?.pid).catch(() => undefined);
  signal?.addEventListener('abort', end, { once: true });
  return Object.assign(client, {
    [Symbol.asyncDispose]: async () => {
      signal?.removeEventListener('abort', end);
      await client.end().catch(() => undefined);
    },
  });
}

async function endBackend(server: Server, pid: number | undefined): Promise<void> {
  await using client = await connect(server, 'template1');
  await client.query('SELECT pg_terminate_backend($1)', [pid]);
}

/** The databases that people have something in. An empty `postgres` is every server's own. */
export async function listDatabases(server: Server): Promise<readonly string[]> {
  await using client = await connect(server, 'template1');
  const { rows } = await client.query<{ datname: string }>(
    'SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname',
  );
  const names = rows
    .map(({ datname }) => datname)
    .filter((name) => !Object.values(passing).some((prefix) => name.startsWith(prefix)));
  if (!names.includes('postgres')) return names;
  await using own = await connect(server, 'postgres');
  const { tables } = await readContents(own, 'count');
  return Object.keys(tables).length === 0 ? names.filter((name) => name !== 'postgres') : names;
}

type TableRow = { schema: string; name: string };

/**
 * Reads how many rows each table has, and a hash of them that does not depend on their order, in the transaction that
 * the client is in. What an extension brought along is not counted: it comes back with the extension.
 *
 * @param depth `count` leaves the hashes empty, which takes far less time
 */
export async function readContents(client: Client, depth: 'count' | 'hash'): Promise<Contents> {
  // How a value is written must not depend on what a role or a database has set.
  await client.query(
    "SELECT set_config(name, value, false) FROM (VALUES ('search_path', 'pg_catalog'), ('datestyle', 'ISO'), ('timezone', 'UTC'), ('intervalstyle', 'postgres'), ('bytea_output', 'hex'), ('extra_float_digits', '1'), ('statement_timeout', '0'), ('row_security', 'off')) AS s (name, value)",
  );
  const found = await client.query<TableRow>(
    `SELECT n.nspname AS schema, c.relname AS name
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't'
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_depend d
                         WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
      ORDER BY 1, 2`,
  );
  const tables: Record<string, { rows: number; hash: string }> = {};
  for (const { schema, name } of found.rows) {
    const table = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(name)}`;
    // 60 bits of each row's MD5, added up.
    const hash =
      depth === 'hash'
        ? "coalesce(sum(('x' || substr(md5((t.*)::text), 1, 15))::bit(60)::bigint), 0)::text"
        : "''";
    const { rows } = await client.query<{ rows: string; hash: string }>(
      `SELECT count(*)::text AS rows, ${hash} AS hash FROM ONLY ${table} AS t`,
    );
    const [row] = rows;
    tables[`${schema}.${name}`] = { rows: Number(row?.rows ?? 0), hash: row?.hash || '-' };
  }
  const extensions = await client.query<{ extname: string; extversion: string }>(
    'SELECT extname, extversion FROM pg_extension ORDER BY extname',
  );
  return {
    tables,
    extensions: Object.fromEntries(extensions.rows.map((one) => [one.extname, one.extversion])),
  };
}

/** How the database that the client is in was created. Columns that older servers lack are read through JSON. */
export async function readCreation(client: Client): Promise<Creation> {
  const { rows } = await client.query<{
    owner: string;
    encoding: string;
    provider: 'b' | 'c' | 'i';
    collate: string;
    ctype: string;
    locale: string | null;
    settings: string[] | null;
  }>(
    `SELECT pg_get_userbyid(datdba) AS owner, pg_encoding_to_char(encoding) AS encoding,
            coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') AS provider, datcollate AS collate, datctype AS ctype,
            coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') AS locale,
            (SELECT setconfig FROM pg_db_role_setting WHERE setdatabase = d.oid AND setrole = 0) AS settings
       FROM pg_database d WHERE datname = current_database()`,
  );
  const grants = await client.query<DatabaseGrant>(
    `SELECT CASE WHEN grantee = 0 THEN '' ELSE pg_get_userbyid(grantee) END AS grantee,
            privilege_type AS privilege, is_grantable AS grantable
       FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
      WHERE datname = current_database() ORDER BY 1, 2`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the server does not know the database that it is connected to');
  const { provider, locale, settings, ...rest } = row;
  return {
    ...rest,
    localeProvider: provider,
    ...(locale === null ? {} : { locale }),
    settings: settings ?? [],
    grants: grants.rows,
  };
}
