import type { SourceLocation } from '../../core/errors.ts';
import type { Source } from '../yaml/source.ts';
import { entries, items, member, type YamlNode } from '../yaml/tree.ts';
import { parseSeconds, parseSize } from './units.ts';

// Readers of single fields. The schema check has reported invalid values; the readers then return the fallback, so that
// the rules can check everything else and all problems are shown together.

/** A part of a file: a node with the file that it is from. */
export type Part = { source: Source; node: YamlNode | undefined };

export function text(node: YamlNode | undefined, key: string, fallback = ''): string {
  return optionalText(node, key) ?? fallback;
}

export function optionalText(node: YamlNode | undefined, key: string): string | undefined {
  const value = member(node, key);
  return value?.kind === 'scalar' && value.value !== null ? value.text : undefined;
}

export function flag(node: YamlNode | undefined, key: string, fallback: boolean): boolean {
  const value = member(node, key);
  return value?.kind === 'scalar' && typeof value.value === 'boolean' ? value.value : fallback;
}

export function optionalNumber(node: YamlNode | undefined, key: string): number | undefined {
  const value = member(node, key);
  return value?.kind === 'scalar' && typeof value.value === 'number' ? value.value : undefined;
}

/** One of the given words; the fallback, which comes from the schema, where it is none of them. */
export function choice<T extends string>(options: {
  node: YamlNode | undefined;
  key: string;
  choices: readonly [T, ...T[]];
  fallback?: string;
}): T {
  const { node, key, choices, fallback } = options;
  const written = optionalText(node, key);
  return choices.find((word) => word === written) ?? choices.find((word) => word === fallback) ?? choices[0];
}

/** Seconds. */
export function duration(node: YamlNode | undefined, key: string, fallback: string): number {
  return parseSeconds(text(node, key, fallback)) ?? parseSeconds(fallback) ?? 0;
}

/** Bytes. */
export function optionalSize(node: YamlNode | undefined, key: string): number | undefined {
  const written = optionalText(node, key);
  return written === undefined ? undefined : parseSize(written);
}

export function optionalTexts(node: YamlNode | undefined, key: string): readonly string[] | undefined {
  const value = member(node, key);
  if (value?.kind !== 'sequence') return undefined;
  return value.items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : []));
}

export function texts(node: YamlNode | undefined, key: string): readonly string[] {
  return optionalTexts(node, key) ?? [];
}

/** A mapping of names to text. */
export function textRecord(node: YamlNode | undefined, key: string): Readonly<Record<string, string>> {
  const record: Record<string, string> = {};
  for (const entry of entries(member(node, key))) {
    if (entry.value.kind === 'scalar') define(record, entry.key, entry.value.text);
  }
  return record;
}

/** Sets a property, also one that assignment would take for something else, such as `__proto__`. */
export function define<T>(record: Record<string, T>, key: string, value: T): void {
  Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The entries of a list, each as a part of the file. */
export function partsOf(part: Part, key: string): readonly Part[] {
  return items(member(part.node, key)).map((node) => ({ source: part.source, node }));
}

/** Place of a part, or of something within it: the longest part of the path that is there. */
export function placeOf(part: Part, ...path: readonly (string | number)[]): SourceLocation {
  let node = part.node;
  for (const step of path) {
    const next = typeof step === 'number' ? items(node)[step] : member(node, step);
    if (next === undefined) break;
    node = next;
  }
  return part.source.locate(node?.offset ?? 0);
}
