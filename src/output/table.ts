import { stripVTControlCharacters } from 'node:util';

/**
 * Aligned columns for a terminal. Where the table is wider than `columns`, each row becomes a block of
 * `heading: cell` lines, so that nothing is cut off on a narrow terminal.
 *
 * @param options.columns width of the terminal in characters
 */
export function formatTable(options: {
  headings: readonly string[];
  rows: readonly (readonly string[])[];
  columns: number;
}): string {
  const { headings, rows } = options;
  const widths = headings.map((heading, column) =>
    Math.max(width(heading), ...rows.map((row) => width(row[column] ?? ''))),
  );
  const total = widths.reduce((sum, one) => sum + one, 0) + 2 * (widths.length - 1);
  if (total > options.columns && options.columns < 80) return blocks(headings, rows);
  const line = (cells: readonly string[]): string =>
    widths
      .map((size, column) => pad(cells[column] ?? '', column === widths.length - 1 ? 0 : size))
      .join('  ')
      .trimEnd();
  return [line(headings), ...rows.map(line)].join('\n');
}

function blocks(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const label = Math.max(...headings.map(width));
  return rows
    .map((row) =>
      row
        .map((cell, column) => ({ heading: headings[column] ?? '', cell }))
        .filter(({ cell }) => cell !== '')
        .map(({ heading, cell }) => `${pad(heading, label)}  ${cell}`)
        .join('\n'),
    )
    .join('\n\n');
}

function width(text: string): number {
  return stripVTControlCharacters(text).length;
}

function pad(text: string, size: number): string {
  return text + ' '.repeat(Math.max(0, size - width(text)));
}
