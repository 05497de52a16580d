import type { SqlTools, UserKeyRequest } from '../sql.ts';
import { emptyMigration, nextMigrationName, resizeMigration } from './migrations/draft.ts';
import type { MigrationsSpec } from './migrations/model.ts';
import { psql } from './psql.ts';
import type { RoleSpec } from './role/model.ts';

/** `arc sql` for PostgreSQL. What it is given of a resource is what its kind made. */
export const sqlTools: SqlTools = {
  provision: 'postgres.migrations',
  kinds: { migrations: 'migrations', role: 'role' },
  databaseOf: (migrations) => (migrations as MigrationsSpec).database,
  statuses: async ({ role, fields, address, migrations, signal }) => {
    const [{ openDatabaseServer }, { readMigrationStatuses }] = await Promise.all([
      import('./client.ts'),
      import('./migrations/status.ts'),
    ]);
    const server = openDatabaseServer({ role, fields, address });
    return readMigrationStatuses({ server, spec: migrations as MigrationsSpec, signal });
  },
  userKeys: {
    has: async (given) => (await loadUserKeys(given)).hasUserKey(),
    of: async (given) => (await loadUserKeys(given)).keyOfUser(),
    destroy: async (given) => (await loadUserKeys(given)).destroyUserKey(),
  },
  vectors: 'postgres.vector',
  draft: ({ names, title, resize }) => ({
    name: nextMigrationName({ names, title }),
    text: resize === undefined ? emptyMigration(title) : resizeMigration({ title, ...resize }),
  }),
  shell: ({ roles, ...given }) => psql({ ...given, roles: roles as readonly RoleSpec[] }),
};

/** The client of PostgreSQL is loaded where there is something to ask. */
async function loadUserKeys({ role, fields, address, ...given }: UserKeyRequest) {
  const [{ openDatabaseServer }, { destroyUserKey, hasUserKey, keyOfUser }] = await Promise.all([
    import('./client.ts'),
    import('./user-keys/user-keys.ts'),
  ]);
  const server = openDatabaseServer({ role, fields, address });
  return {
    hasUserKey: () => hasUserKey({ server, ...given }),
    keyOfUser: () => keyOfUser({ server, ...given }),
    destroyUserKey: () => destroyUserKey({ server, ...given }),
  };
}
