import type pg from 'pg';
import type { AppliedMigration, MigrationFile } from './model.ts';

/** Makes the table of what is applied, where there is none. */
export async function createTable(client: pg.Client): Promise<void> {
  await client.query('CREATE SCHEMA IF NOT EXISTS arc');
  await client.query(
    'CREATE TABLE IF NOT EXISTS arc.migrations (name text PRIMARY KEY, content text NOT NULL, sha256 text NOT NULL, applied timestamptz NOT NULL DEFAULT now())',
  );
}

/** What is applied to a database, in order; nothing where arc has not applied anything to it. */
export async function readApplied(client: pg.Client): Promise<readonly AppliedMigration[]> {
  const { rows: found } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('arc.migrations') IS NOT NULL AS there",
  );
  if (found[0]?.there !== true) return [];
  const { rows } = await client.query<{ name: string; content: string }>(
    'SELECT name, content FROM arc.migrations ORDER BY name COLLATE "C"',
  );
  return rows.map(({ name, content }) => ({ name, text: content }));
}

/** Writes down that a migration is applied. */
export async function writeApplied(client: pg.Client, { name, text }: MigrationFile): Promise<void> {
  await client.query(
    "INSERT INTO arc.migrations (name, content, sha256) VALUES ($1, $2, encode(sha256(convert_to($2, 'UTF8')), 'hex'))",
    [name, text],
  );
}
