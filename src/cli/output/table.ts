import { stripVTControlCharacters } from 'node:util';
import { wrap } from '../../core/wrap.ts';

/**
 * Aligned columns. If the table is wider than the terminal, the last column continues on further lines. If that is
 * still too wide, columns that can be spared are dropped. As a last resort, each row becomes a block of lines `HEADING
 * cell`.
 *
 * @param options.columns width of the terminal in characters, `Infinity` where there is none
 * @param options.spare headings of columns that a narrow terminal can do without, the first one first
 */
export function formatTable(options: Table & { spare?: readonly string[] }): string {
  const { spare = [], ...whole } = options;
  for (let count = 0; count <= spare.length; count += 1) {
    const aligned = align(without(whole, spare.slice(0, count)));
    if (aligned !== undefined) return aligned;
  }
  return blocks(whole);
}

type Table = {
  headings: readonly string[];
  rows: readonly (readonly string[])[];
  columns: number;
};

function without(table: Table, names: readonly string[]): Table {
  const stays = (_: string, column: number): boolean => !names.includes(table.headings[column] ?? '');
  return {
    ...table,
    headings: table.headings.filter(stays),
    rows: table.rows.map((row) => row.filter(stays)),
  };
}

/** @returns undefined if the table is too wide */
function align({ headings, rows, columns }: Table): string | undefined {
  const widths = headings.map((heading, column) =>
    Math.max(width(heading), ...rows.map((row) => width(row[column] ?? ''))),
  );
  const lastBegins = widths.slice(0, -1).reduce((sum, one) => sum + one + 2, 0);
  const last = rows.map((row) => row[widths.length - 1] ?? '');
  const longestWord = Math.max(0, ...last.flatMap((cell) => cell.split(' ')).map(width));
  if (lastBegins + longestWord > columns) return undefined;
  const line = (cells: readonly string[]): readonly string[] => {
    const whole = widths
      .map((size, column) => pad(cells[column] ?? '', column === widths.length - 1 ? 0 : size))
      .join('  ')
      .trimEnd();
    return wrap(whole, columns, ' '.repeat(lastBegins));
  };
  return [headings, ...rows].flatMap(line).join('\n');
}

function blocks({ headings, rows, columns }: Table): string {
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
