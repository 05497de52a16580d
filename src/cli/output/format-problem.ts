import type { Problem, SourceLocation } from '../../core/errors.ts';
import { printable } from '../../core/text.ts';
import { wrap } from '../../core/wrap.ts';

/** Characters of an excerpt that are shown at most; a longer line is cut around the column. */
const widestExcerpt = 100;
/** The least that is shown of it on a narrow terminal. */
const narrowestExcerpt = 20;

/**
 * A problem as plain text, in the manner of compilers:
 *
 *     error[unknown-field] services/cache/service.yaml:20:1
 *       "prots" is not a field of a service.
 *         20 | prots:
 *            | ^
 *       help: did you mean "ports"?
 *
 * Text that comes from files is shown without control characters, which a terminal would obey.
 *
 * @param columns of the terminal that it is shown on; lines break between words there
 */
export function formatProblem(
  problem: Problem,
  severity: 'error' | 'warning' = 'error',
  columns = Number.POSITIVE_INFINITY,
): string {
  const { code, message, detail = [], suggestion, location } = problem;
  const place = location === undefined ? '' : ` ${location.file}:${location.line}:${location.column}`;
  const prose = (text: string, hanging = '  '): readonly string[] =>
    text.split('\n').flatMap((line) => wrap(printable(`  ${line}`), columns, hanging));
  return [
    ...wrap(printable(`${severity}[${code}]${place}`), columns, '  '),
    ...prose(message),
    ...(location === undefined ? [] : excerptLines(location, columns).map(printable)),
    ...detail.flatMap((text) => prose(text, '    ')),
    ...(suggestion === undefined ? [] : prose(`help: ${suggestion}`, '    ')),
  ].join('\n');
}

/** The line, with a caret below the column. */
function excerptLines(location: SourceLocation, columns: number): readonly string[] {
  const { excerpt, line, column } = location;
  if (excerpt === undefined || excerpt.trim() === '') return [];
  const around = `    ${line} | ……`.length;
  const excerptWidth = Math.max(narrowestExcerpt, Math.min(widestExcerpt, columns - around));
  const start = column <= excerptWidth - 10 ? 0 : column - Math.floor(excerptWidth / 2);
  const cut = excerpt.slice(start, start + excerptWidth);
  const shown = `${start > 0 ? '…' : ''}${cut}${start + excerptWidth < excerpt.length ? '…' : ''}`;
  const caret = Math.min(column - 1 - start, cut.length) + (start > 0 ? 1 : 0);
  const number = String(line);
  return [
    `    ${number} | ${shown.replaceAll('\t', ' ')}`,
    `    ${' '.repeat(number.length)} | ${' '.repeat(caret)}^`,
  ];
}
