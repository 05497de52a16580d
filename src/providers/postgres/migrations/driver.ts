import type { Applied, InsideDriver } from '../../../core/driver.ts';
import { nameOf } from '../../../core/resource.ts';
import { type DatabaseServer, withDatabase } from '../client.ts';
import { existingDatabases } from '../existing-databases.ts';
import { explainRefusals } from '../failure.ts';
import { applyMigrations } from './apply.ts';
import { type MigrationsStep, type MigrationsWork, migrationsDecider } from './decide.ts';
import type { MigrationsSpec, MigrationsState } from './model.ts';
import { readApplied } from './table.ts';

export type MigrationsDriver = InsideDriver<
  MigrationsSpec,
  MigrationsState,
  MigrationsWork,
  MigrationsStep,
  DatabaseServer
>;

/** Migrations. Which are applied stands in each database, so that a restored one knows its own. */
export function migrationsDriver(): MigrationsDriver {
  return {
    ...migrationsDecider(),
    observe: ({ at: server, wanted, signal }) =>
      explainRefusals({ server, doing: 'read the migrations' }, async () => {
        const existing = await existingDatabases({ server, signal });
        const states = await Promise.all(
          wanted
            .filter(({ spec }) => existing.has(spec.database))
            .map(async ({ address, spec: { database } }) => {
              const applied = await withDatabase({ server, database, signal }, readApplied);
              return [address, { state: { applied }, needs: [] }] as const;
            }),
        );
        return new Map(states);
      }),
    apply: ({ step, at: server, io: { signal } }) =>
      explainRefusals(
        { server, doing: `migrate the database ${nameOf(step.of)}` },
        async (): Promise<Applied> => {
          const { spec } = step.work;
          if (spec === undefined) return 'done';
          await withDatabase({ server, database: spec.database, signal }, (client) =>
            applyMigrations({ client, spec, server }),
          );
          return 'done';
        },
      ),
  };
}
