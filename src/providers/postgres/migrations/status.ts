import type { MigrationStatus } from '../../sql.ts';
import { type DatabaseServer, withDatabase } from '../client.ts';
import { existingDatabases } from '../existing-databases.ts';
import { explainRefusals } from '../failure.ts';
import type { DatedMigration, MigrationsSpec } from './model.ts';
import { readApplied } from './table.ts';

/** Every migration of a database that has a file or was applied, in order. Pure. */
export function migrationStatuses(options: {
  spec: Pick<MigrationsSpec, 'files'>;
  applied: readonly DatedMigration[];
}): readonly MigrationStatus[] {
  const files = new Map(options.spec.files.map((file) => [file.name, file]));
  const applied = new Map(options.applied.map((one) => [one.name, one]));
  const names = [...new Set([...files.keys(), ...applied.keys()])].toSorted();
  return names.map((name) => {
    const [file, done] = [files.get(name), applied.get(name)];
    if (done === undefined) return { name, state: 'pending' };
    const { at } = done;
    if (file === undefined) return { name, state: 'missing', at };
    return { name, state: file.text === done.text ? 'applied' : 'changed', at };
  });
}

/** Reads which migrations are applied. All are pending while their database does not exist. */
export function readMigrationStatuses(options: {
  server: DatabaseServer;
  spec: MigrationsSpec;
  signal: AbortSignal;
}): Promise<readonly MigrationStatus[]> {
  const { server, spec, signal } = options;
  const { database } = spec;
  return explainRefusals({ server, doing: 'read the migrations' }, async () => {
    const existing = await existingDatabases({ server, signal });
    const applied = existing.has(database)
      ? await withDatabase({ server, database, signal }, readApplied)
      : [];
    return migrationStatuses({ spec, applied });
  });
}
