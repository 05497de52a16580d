import type { Data } from '../../core/data.ts';

const width = 110;

/**
 * Plain data as a literal of a language that writes it as JSON does: on one line where it fits, else an entry a line.
 *
 * @param options.indent of the line that the value begins in; `step` is one more
 * @param options.words for true, false and null
 */
export function layOut(options: { value: Data; indent: string; step: string; words?: Words }): string {
  const { value, indent, step, words = { true: 'true', false: 'false', null: 'null' } } = options;
  const line = onOneLine(value, words);
  if (typeof value !== 'object' || value === null || indent.length + line.length <= width) return line;
  const inner = `${indent}${step}`;
  const inside = (item: Data): string => layOut({ value: item, indent: inner, step, words });
  const [open, close] = isList(value) ? ['[', ']'] : ['{', '}'];
  const entries = isList(value)
    ? value.map(inside)
    : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${inside(item)}`);
  return `${open}\n${entries.map((entry) => `${inner}${entry}`).join(',\n')}\n${indent}${close}`;
}

type Words = { true: string; false: string; null: string };

function onOneLine(value: Data, words: Words): string {
  if (value === null) return words.null;
  if (typeof value === 'boolean') return words[`${value}`];
  if (typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map((item) => onOneLine(item, words)).join(', ')}]`;
  const entries = Object.entries(value).map(
    ([name, item]) => `${JSON.stringify(name)}: ${onOneLine(item, words)}`,
  );
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function isList(value: object): value is readonly Data[] {
  return Array.isArray(value);
}
