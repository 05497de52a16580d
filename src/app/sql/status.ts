import type { MigrationStatus } from '../../providers/sql.ts';
import type { Context } from '../context.ts';
import { sqlDatabases } from './databases.ts';
import { requireServer, withRunningStack } from './running-stack.ts';

export type DatabaseStatus = { database: string; migrations: readonly MigrationStatus[] };

/** Which migrations of each database are applied. Changes nothing. */
export function sqlStatus(options: {
  context: Context;
  database?: string | undefined;
}): Promise<readonly DatabaseStatus[]> {
  const { context, database: named } = options;
  const { signal } = context;
  return withRunningStack({
    context,
    use: ({ stack, running, reach }) =>
      Promise.all(
        sqlDatabases({ stack, named }).map(async ({ database, resource, tools }) => {
          const { at, fields } = resource.access;
          requireServer({ running, resource });
          await using address = await reach(at, signal);
          const { spec: migrations } = resource;
          const given = { role: at.role, fields, address, migrations, signal };
          return { database, migrations: await tools.statuses(given) };
        }),
      ),
  });
}
