import pg from 'pg';
import type { VectorColumn, VectorSpec, VectorState } from './model.ts';
import { resizeStatement } from './resize.ts';

const quoted = pg.escapeIdentifier;

/** A vector column; nothing where there is none. */
export async function readVector(client: pg.Client, at: VectorColumn): Promise<VectorState | undefined> {
  // The type modifier of a vector is its size.
  const { rows } = await client.query<{ typmod: number }>(
    `SELECT atttypmod AS typmod FROM pg_attribute a
     JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_type t ON t.oid = a.atttypid
     WHERE nspname = $1 AND relname = $2 AND attname = $3 AND typname = 'vector' AND NOT attisdropped`,
    [at.schema, at.table, at.column],
  );
  const [found] = rows;
  if (found === undefined) return undefined;
  const counted = await client.query<{ stored: string }>(
    `SELECT count(${quoted(at.column)}) AS stored FROM ${quoted(at.schema)}.${quoted(at.table)}`,
  );
  return {
    dimensions: found.typmod < 0 ? undefined : found.typmod,
    stored: Number(counted.rows[0]?.stored ?? 0),
  };
}

/**
 * Gives a column that holds no vector another size.
 *
 * @returns false where a row has got a vector meanwhile: nothing is changed then
 */
export async function resizeVector(client: pg.Client, spec: VectorSpec): Promise<boolean> {
  await client.query(`LOCK TABLE ${quoted(spec.schema)}.${quoted(spec.table)} IN ACCESS EXCLUSIVE MODE`);
  const state = await readVector(client, spec);
  if (state === undefined || state.stored > 0) return false;
  await client.query(resizeStatement({ at: spec, dimensions: spec.dimensions }));
  return true;
}
