import type { Applied, InsideDriver } from '../../../core/driver.ts';
import { addressOf, nameOf } from '../../../core/resource.ts';
import { type DatabaseServer, withDatabase } from '../client.ts';
import { explainRefusals } from '../failure.ts';
import { applyMigrations } from './apply.ts';
import type { MigrationsWork } from './decide.ts';
import type { MigrationsSpec, MigrationsState } from './model.ts';
import { type MigrationsStep, migrationsDecider } from './plan.ts';
import { readApplied } from './table.ts';

export type MigrationsDriver = InsideDriver<
  MigrationsSpec,
  MigrationsState,
  MigrationsWork,
  MigrationsStep,
  DatabaseServer
>;

/** Databases with their migrations. Which are applied stands in each database, so that a restored one knows its own. */
export function migrationsDriver(): MigrationsDriver {
  return {
    ...migrationsDecider(),
    observe: ({ at: server, wanted, signal }) =>
      explainRefusals({ server, doing: 'read the migrations' }, async () => {
        const existing = await withDatabase({ server, database: 'postgres', signal }, async (client) => {
          const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
          return new Set(rows.map(({ datname }) => datname));
        });
        const databases = wanted.map(({ spec }) => spec.database).filter((name) => existing.has(name));
        const states = await Promise.all(
          databases.map(async (database) => {
            const applied = await withDatabase({ server, database, signal }, readApplied);
            return [addressOf('database', database), { state: { applied }, needs: [] }] as const;
          }),
        );
        return new Map(states);
      }),
    apply: ({ step, at: server, io: { signal } }) =>
      explainRefusals(
        { server, doing: `${step.verb} the database ${nameOf(step.of)}` },
        async (): Promise<Applied> => {
          const { spec, creates } = step.work;
          const { database } = spec;
          // Its schema allows small letters, digits and underscores only.
          if (creates)
            await withDatabase({ server, database: 'postgres', signal }, (client) =>
              client.query(`CREATE DATABASE "${database}"`),
            );
          await withDatabase({ server, database, signal }, (client) =>
            applyMigrations({ client, spec, server }),
          );
          return 'done';
        },
      ),
  };
}
