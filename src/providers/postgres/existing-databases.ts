import { type DatabaseServer, withDatabase } from './client.ts';

/** The names of the databases that a server has, templates apart. */
export async function existingDatabases(options: {
  server: DatabaseServer;
  signal: AbortSignal;
}): Promise<ReadonlySet<string>> {
  return withDatabase({ ...options, database: 'postgres' }, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate',
    );
    return new Set(rows.map(({ datname }) => datname));
  });
}
