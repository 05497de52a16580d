import pg from 'pg';
import type { Applied, InsideDriver } from '../../../core/driver.ts';
import { nameOf } from '../../../core/resource.ts';
import type { OneStep } from '../../one-step.ts';
import { type DatabaseServer, withDatabase } from '../client.ts';
import { existingDatabases } from '../existing-databases.ts';
import { explainRefusals } from '../failure.ts';
import { type DatabaseSpec, type DatabaseState, databaseDecider } from './decide.ts';

/** Creates databases. */
export function databaseDriver(): InsideDriver<
  DatabaseSpec,
  DatabaseState,
  undefined,
  OneStep<DatabaseSpec, undefined>,
  DatabaseServer
> {
  return {
    ...databaseDecider(),
    observe: ({ at: server, wanted, signal }) =>
      explainRefusals({ server, doing: 'list the databases' }, async () => {
        const existing = await existingDatabases({ server, signal });
        return new Map(
          wanted
            .filter(({ spec }) => existing.has(spec.database))
            .map(({ address }) => [address, { state: 'exists', needs: [] }] as const),
        );
      }),
    apply: ({ step, at: server, io: { signal } }) =>
      explainRefusals(
        { server, doing: `create the database ${nameOf(step.of)}` },
        async (): Promise<Applied> => {
          await withDatabase({ server, database: 'postgres', signal }, (client) =>
            client.query(`CREATE DATABASE ${pg.escapeIdentifier(nameOf(step.of))}`),
          );
          return 'done';
        },
      ),
  };
}
