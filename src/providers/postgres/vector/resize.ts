import type { VectorColumn } from './model.ts';

/** What gives a column another size, and empties it. PostgreSQL builds its indexes again. */
export function resizeStatement(options: { at: VectorColumn; dimensions: number }): string {
  const { at, dimensions } = options;
  return `ALTER TABLE ${at.schema}.${at.table} ALTER COLUMN ${at.column} TYPE public.vector(${dimensions}) USING NULL`;
}
