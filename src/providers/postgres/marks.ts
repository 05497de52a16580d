import type pg from 'pg';
import type { Fields } from '../../core/data.ts';

/**
 * What arc wrote down of something in a database when it set it: whose it is, whether arc made it, and what was
 * applied. It is in that database, so that a restored one knows its own.
 */
export type Mark = { name: string; project: string; origin: Origin; applied: Fields };

/** `found`: it was there before arc; arc never removes it. */
export type Origin = 'made' | 'found';

/** The marks of a kind in a database; none if arc has marked nothing there. */
export async function readMarks(client: pg.Client, kind: string): Promise<ReadonlyMap<string, Mark>> {
  const { rows: found } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('arc.provisioned') IS NOT NULL AS there",
  );
  if (found[0]?.there !== true) return new Map();
  const { rows } = await client.query<Mark>(
    'SELECT name, project, origin, applied FROM arc.provisioned WHERE kind = $1',
    [kind],
  );
  return new Map(rows.map((mark) => [mark.name, mark]));
}

/** Writes a mark down, in the transaction that is open. */
export async function writeMark(options: { client: pg.Client; kind: string; mark: Mark }): Promise<void> {
  const { client, kind, mark } = options;
  await client.query('CREATE SCHEMA IF NOT EXISTS arc');
  await client.query(
    'CREATE TABLE IF NOT EXISTS arc.provisioned (kind text, name text, project text NOT NULL, origin text NOT NULL, applied jsonb NOT NULL, PRIMARY KEY (kind, name))',
  );
  await client.query(
    'INSERT INTO arc.provisioned (kind, name, project, origin, applied) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (kind, name) DO UPDATE SET project = EXCLUDED.project, origin = EXCLUDED.origin, applied = EXCLUDED.applied',
    [kind, mark.name, mark.project, mark.origin, JSON.stringify(mark.applied)],
  );
}

/** Removes a mark, in the transaction that is open. */
export async function removeMark(options: { client: pg.Client; kind: string; name: string }): Promise<void> {
  const { client, kind, name } = options;
  await client.query('DELETE FROM arc.provisioned WHERE kind = $1 AND name = $2', [kind, name]);
}
