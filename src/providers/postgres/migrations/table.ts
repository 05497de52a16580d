import type pg from 'pg';
import type { DatedMigration, MigrationFile } from './model.ts';

/** Creates the table of applied migrations if it is missing. */
export async function createTable(client: pg.Client): Promise<void> {
  await client.query('CREATE SCHEMA IF NOT EXISTS arc');
  await client.query(
    'CREATE TABLE IF NOT EXISTS arc.migrations (name text PRIMARY KEY, content text NOT NULL, sha256 text NOT NULL, applied timestamptz NOT NULL DEFAULT now())',
  );
}

/** The applied migrations in order; none if arc has applied none to the database. */
export async function readApplied(client: pg.Client): Promise<readonly DatedMigration[]> {
  const { rows: found } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('arc.migrations') IS NOT NULL AS there",
  );
  if (found[0]?.there !== true) return [];
  const { rows } = await client.query<{ name: string; content: string; applied: Date }>(
    'SELECT name, content, applied FROM arc.migrations ORDER BY name COLLATE "C"',
  );
  return rows.map(({ name, content, applied }) => ({ name, text: content, at: applied.toISOString() }));
}

/** Writes down that a migration is applied. */
export async function writeApplied(client: pg.Client, { name, text }: MigrationFile): Promise<void> {
  await client.query(
    "INSERT INTO arc.migrations (name, content, sha256) VALUES ($1, $2, encode(sha256(convert_to($2, 'UTF8')), 'hex'))",
    [name, text],
  );
}
