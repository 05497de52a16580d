import type { Decider } from '../../../core/driver.ts';
import type { InsideKind } from '../../inside-kind.ts';
import type { DatabaseServer } from '../client.ts';
import { loadWithClient } from '../load.ts';
import { type DatabaseSpec, databaseDecider } from './decide.ts';

/** Databases, as schemas/provision/postgres.database.schema.json describes them. */
export const databaseKind: InsideKind<DatabaseSpec, DatabaseServer> = {
  provision: 'postgres.database',
  kind: 'database',
  spec: ({ name }) => ({ database: name }),
  decider: () => databaseDecider() as Decider<DatabaseSpec>,
  load: () => loadWithClient(import('./driver.ts').then(({ databaseDriver }) => databaseDriver)),
};
