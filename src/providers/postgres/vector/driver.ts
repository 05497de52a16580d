import type { Applied, InsideDriver } from '../../../core/driver.ts';
import { failed } from '../../../core/errors.ts';
import type { Address, Seen } from '../../../core/resource.ts';
import { type DatabaseServer, withDatabase } from '../client.ts';
import { existingDatabases } from '../existing-databases.ts';
import { explainRefusals } from '../failure.ts';
import { inTransaction } from '../transaction.ts';
import { type VectorStep, vectorDecider } from './decide.ts';
import { columnName, type VectorSpec, type VectorState } from './model.ts';
import { readVector, resizeVector } from './sql.ts';

/** Sizes of vector columns. */
export function vectorDriver(): InsideDriver<VectorSpec, VectorState, undefined, VectorStep, DatabaseServer> {
  return {
    ...vectorDecider(),
    observe: ({ at: server, wanted, signal }) =>
      explainRefusals({ server, doing: 'read the vector columns' }, async () => {
        const existing = await existingDatabases({ server, signal });
        const seen = new Map<Address, Seen<VectorState>>();
        for (const { address, spec } of wanted) {
          const { database } = spec;
          if (!existing.has(database)) continue;
          const state = await withDatabase({ server, database, signal }, (client) =>
            readVector(client, spec),
          );
          if (state !== undefined) seen.set(address, { state, needs: [] });
        }
        return seen;
      }),
    apply: async ({ step, at: server, io: { signal } }): Promise<Applied> => {
      const { spec } = step.work;
      if (spec === undefined) return 'done';
      const doing = `change the column ${columnName(spec)}`;
      const isDone = await explainRefusals({ server, doing }, () =>
        withDatabase({ server, database: spec.database, signal }, (client) =>
          inTransaction(client, () => resizeVector(client, spec)),
        ),
      );
      if (isDone) return 'done';
      throw failed({
        code: 'vector-size-differs',
        message: `A row of ${columnName(spec)} has got a vector meanwhile, so arc leaves the column as it is.`,
        suggestion: 'run the same command again, which then says what can be done',
      });
    },
  };
}
