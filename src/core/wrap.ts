import { stripVTControlCharacters } from 'node:util';

/**
 * Breaks a line between words so that it fits; what follows the first line is indented. A word that is wider than the
 * terminal is left whole.
 */
export function wrap(text: string, columns: number, indent: string): readonly string[] {
  if (stripVTControlCharacters(text).length <= columns) return [text];
  const lines: string[] = [];
  for (const word of text.split(/(?<=\S) /)) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(word);
    else if (stripVTControlCharacters(`${last} ${word}`).length <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines;
}

/** Breaks each line of a text that does not fit; what follows is indented a little more than the line. */
export function wrapText(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => wrap(line, columns, `${/^ */.exec(line)?.[0] ?? ''}  `).join('\n'))
    .join('\n');
}
