/** The migrations of a database, as a service's folder has them. */
export type MigrationsSpec = {
  database: string;
  /** In the order in which they are applied. */
  files: readonly MigrationFile[];
};

export type MigrationFile = {
  /** `0001_conversations.sql` */
  name: string;
  /** Path in the workspace, for messages. */
  path: string;
  text: string;
};

/** A database that exists. */
export type MigrationsState = { applied: readonly AppliedMigration[] };

/** A migration as arc wrote it down in the database: with its text, so that an edited one can be shown beside it. */
export type AppliedMigration = { name: string; text: string };

/** With the time at which it was applied, as ISO 8601. */
export type DatedMigration = AppliedMigration & { at: string };

/** The line that keeps a migration out of a transaction. */
export const noTransaction = '-- arc: no-transaction';

/** Whether a migration is run by itself, because PostgreSQL takes its statement in no transaction. */
export function isOutsideTransaction({ text }: MigrationFile): boolean {
  return text.split('\n').some((line) => line.trim() === noTransaction);
}
