import { columnOf } from '../vector/model.ts';
import { resizeStatement } from '../vector/resize.ts';

/**
 * The name of the next migration: one more than the largest number, with as many digits.
 *
 * @param options.names of the files that there are
 * @param options.title `add summaries`, of letters, digits, spaces, dashes and underscores
 */
export function nextMigrationName(options: { names: readonly string[]; title: string }): string {
  const numbers = options.names.flatMap((name) => /^\d+/.exec(name)?.[0] ?? []);
  const next = Math.max(0, ...numbers.map(Number)) + 1;
  const digits = Math.max(4, ...numbers.map((number) => number.length));
  const words = options.title.toLowerCase().replaceAll(/[\s_-]+/g, '_');
  return `${String(next).padStart(digits, '0')}_${words}.sql`;
}

/** A migration without a statement, which arc refuses to apply until there is one. */
export function emptyMigration(title: string): string {
  return `-- ${title[0]?.toUpperCase() ?? ''}${title.slice(1)}: say why.\n`;
}

/** A migration that gives vector columns another size. It empties them: a vector of another size is of no use. */
export function resizeMigration(options: {
  title: string;
  columns: readonly string[];
  dimensions: number;
}): string {
  const { title, columns, dimensions } = options;
  const lost = columns.map((name) => `-- arc: loses every vector in ${name}; its rows stay\n`);
  const statements = columns.map((name) => `${resizeStatement({ at: columnOf(name), dimensions })};\n`);
  return [
    emptyMigration(title),
    ...lost,
    '-- The rows have to be embedded again, by whoever has the texts and the embedder.\n',
    ...statements,
  ].join('');
}
