import { posix } from 'node:path';
import type { Decider } from '../../../core/driver.ts';
import { invalid } from '../../../core/errors.ts';
import { decodeText, withUnixLineEnds } from '../../../core/text.ts';
import type { InsideFile, InsideKind } from '../../inside-kind.ts';
import type { DatabaseServer } from '../client.ts';
import { loadWithClient } from '../load.ts';
import { isIn, needsDatabase } from '../needs.ts';
import { migrationsDecider } from './decide.ts';
import type { MigrationFile, MigrationsSpec } from './model.ts';

/** The migrations of a database, as schemas/provision/postgres.migrations.schema.json describes them. */
export const migrationsKind: InsideKind<MigrationsSpec, DatabaseServer> = {
  provision: 'postgres.migrations',
  kind: 'migrations',
  spec: ({ name, files, location }) => {
    // A list of what is provisioned may be in a folder below the service's own.
    const [services = '', service = ''] = location.file.split('/');
    return { database: name, files: files.map((file) => migrationOf(file, `${services}/${service}`)) };
  },
  // They may use every extension of the database, and name every role.
  needs: ({ database }, others) => [
    ...needsDatabase(database),
    ...others
      .filter(({ kind, spec }) => kind === 'role' || (kind === 'extension' && isIn(database, spec)))
      .map(({ address }) => address),
  ],
  decider: () => migrationsDecider() as Decider<MigrationsSpec>,
  load: () => loadWithClient(import('./driver.ts').then(({ migrationsDriver }) => migrationsDriver)),
};

/** @throws ArcError with the problem and its place, where the file is not text */
function migrationOf({ path, content }: InsideFile, folder: string): MigrationFile {
  const file = `${folder}/${path}`;
  const decoded = decodeText({ file, content });
  if ('problem' in decoded) throw invalid(decoded.problem);
  return { name: posix.basename(path), path: file, text: withUnixLineEnds(decoded.text) };
}
