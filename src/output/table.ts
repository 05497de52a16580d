import { stripVTControlCharacters } from 'node:util';
import { wrap } from './wrap.ts';

/**
 * Aligned columns. Where the table is wider than the terminal, the last column goes on in further lines; where there is
 * no room for that either, each row becomes a block of lines `HEADING  cell`.
 *
 * @param options.columns width of the terminal in characters, `Infinity` where there is none
 */
export function formatTable(options: {
  headings: readonly string[];
  rows: readonly (readonly string[])[];
  columns: number;
}): string {
  const { headings, rows, columns } = options;
  const widths = headings.map((heading, column) =>
    Math.max(width(heading), ...rows.map((row) => width(row[column] ?? ''))),
  );
  const lastBegins = widths.slice(0, -1).reduce((sum, one) => sum + one + 2, 0);
  const last = rows.map((row) => row[widths.length - 1] ?? '');
  const longestWord = Math.max(0, ...last.flatMap((cell) => cell.split(' ')).map(width));
  if (lastBegins + longestWord > columns) return blocks({ headings, rows, columns });
  const line = (cells: readonly string[]): readonly string[] => {
    const whole = widths
      .map((size, column) => pad(cells[column] ?? '', column === widths.length - 1 ? 0 : size))
      .join('  ')
      .trimEnd();
    return wrap(whole, columns, ' '.repeat(lastBegins));
  };
  return [headings, ...rows].flatMap(line).join('\n');
}

function blocks(options: {
  headings: readonly string[];
  rows: readonly (readonly string[])[];
  columns: number;
}): string {
  const { headings, rows, columns } = options;
  const label = Math.max(...headings.map(width));
  return rows
    .map((row) =>
      row
        .map((cell, column) => ({ heading: headings[column] ?? '', cell }))
        .filter(({ cell }) => cell !== '')
        .flatMap(({ heading, cell }) =>
          wrap(`${pad(heading, label)}  ${cell}`, columns, ' '.repeat(label + 2)),
        )
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
