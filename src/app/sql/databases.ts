import { type ArcError, invalid } from '../../core/errors.ts';
import type { SqlTools } from '../../providers/sql.ts';
import { type InsideResource, type InsideStack, insideResources } from '../inside-kinds.ts';
import { providers } from '../providers.ts';

/** A database that has migrations, the way into its server, and what arc can do there. */
export type SqlDatabase = { database: string; resource: InsideResource; tools: SqlTools };

/** What arc knows of each technology whose databases have migrations. */
export const allSqlTools: readonly SqlTools[] = providers.flatMap(({ sql }) => sql ?? []);

/**
 * The databases of a stack that have migrations.
 *
 * @param options.named only this one
 * @throws ArcError `no-migrations` (exit status 2) where there are none, or none of that name
 */
export function sqlDatabases(options: {
  stack: InsideStack;
  named?: string | undefined;
}): readonly [SqlDatabase, ...SqlDatabase[]] {
  const { stack, named } = options;
  const resources = insideResources(stack);
  const all = allSqlTools.flatMap((tools) =>
    resources
      .filter(({ kind }) => kind === tools.kinds.migrations)
      .map((resource) => ({ database: tools.databaseOf(resource.spec), resource, tools })),
  );
  const [first, ...others] = all.filter(({ database }) => named === undefined || database === named);
  if (first === undefined) throw noMigrations({ named, known: all.map(({ database }) => database) });
  return [first, ...others];
}

/** @throws ArcError `no-migrations` (exit status 2) where several could be meant, and none is named */
export function onlyOne<One>(all: readonly [One, ...One[]], nameOf: (one: One) => string): One {
  if (all.length === 1) return all[0];
  throw invalid({
    code: 'no-migrations',
    message: `Several databases have migrations: ${all.map(nameOf).join(', ')}.`,
    suggestion: 'name one with --database',
  });
}

export function noMigrations(options: { named: string | undefined; known: readonly string[] }): ArcError {
  const { named, known } = options;
  return invalid({
    code: 'no-migrations',
    message:
      named === undefined
        ? 'No service declares migrations of a database.'
        : `No service declares migrations of the database ${named}.`,
    suggestion: known.length === 0 ? 'see docs/sql.md' : `databases with migrations: ${known.join(', ')}`,
  });
}
