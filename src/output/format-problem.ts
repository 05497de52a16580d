import type { Problem, SourceLocation } from '../errors.ts';

/** Characters of an excerpt that are shown; a longer line is cut around the column. */
const excerptWidth = 100;

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
 */
export function formatProblem(problem: Problem, severity: 'error' | 'warning' = 'error'): string {
  const { code, message, detail = [], suggestion, location } = problem;
  const place = location === undefined ? '' : ` ${location.file}:${location.line}:${location.column}`;
  const lines = [
    `${severity}[${code}]${place}`,
    ...indent(message),
    ...(location === undefined ? [] : excerptLines(location)),
    ...detail.flatMap(indent),
    ...(suggestion === undefined ? [] : indent(`help: ${suggestion}`)),
  ];
  return lines.map(printable).join('\n');
}

function indent(text: string): readonly string[] {
  return text.split('\n').map((line) => `  ${line}`);
}

/** The line, with a caret below the column. */
function excerptLines(location: SourceLocation): readonly string[] {
  const { excerpt, line, column } = location;
  if (excerpt === undefined || excerpt.trim() === '') return [];
  const start = column <= excerptWidth - 10 ? 0 : column - excerptWidth / 2;
  const cut = excerpt.slice(start, start + excerptWidth);
  const shown = `${start > 0 ? '…' : ''}${cut}${start + excerptWidth < excerpt.length ? '…' : ''}`;
  const caret = Math.min(column - 1 - start, cut.length) + (start > 0 ? 1 : 0);
  const number = String(line);
  return [
    `    ${number} | ${shown.replaceAll('\t', ' ')}`,
    `    ${' '.repeat(number.length)} | ${' '.repeat(caret)}^`,
  ];
}

function printable(line: string): string {
  return line.replaceAll(/\p{Cc}|\p{Bidi_Control}/gu, '·');
}
