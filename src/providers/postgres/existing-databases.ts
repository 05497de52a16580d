import type { Address, Resource, Seen } from '../../core/resource.ts';
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

/**
 * Looks into every database of a server at the same time, also into those in which nothing is declared any more.
 *
 * @param options.observeIn `declared` is what is wanted in that database
 */
export async function observeDatabases<Spec extends { database: string }, State>(options: {
  server: DatabaseServer;
  signal: AbortSignal;
  wanted: readonly Resource<Spec>[];
  observeIn: (given: {
    database: string;
    declared: readonly Resource<Spec>[];
  }) => Promise<readonly (readonly [Address, Seen<State>])[]>;
}): Promise<ReadonlyMap<Address, Seen<State>>> {
  const { wanted, observeIn } = options;
  const declaredIn = Map.groupBy(wanted, ({ spec }) => spec.database);
  const found = await Promise.all(
    [...(await existingDatabases(options))].map((database) =>
      observeIn({ database, declared: declaredIn.get(database) ?? [] }),
    ),
  );
  return new Map(found.flat());
}
