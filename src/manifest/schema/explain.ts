import type { Problem } from '../../core/errors.ts';
import { either, quote } from '../words.ts';
import type { Source } from '../yaml/source.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { example, exampleAdvice, nearestField, typeAdvice, unknownAdvice, valueAdvice } from './advise.ts';
import type { Finding } from './check.ts';
import { lastName, type Path } from './path.ts';
import type { Shape, ValueType } from './shape.ts';

/**
 * Findings in words for people. If a misspelt field was meant for a missing one, the missing one is not reported.
 *
 * @param options.reveals says of a node whether its value may be shown; every value may unless given
 */
export function explainFindings(options: {
  findings: readonly Finding[];
  source: Source;
  reveals?: (node: YamlNode) => boolean;
}): readonly Problem[] {
  const { findings, source } = options;
  const reveals = options.reveals ?? (() => true);
  const meant = misspelt(findings);
  return findings
    .filter((finding) => finding.kind !== 'missing' || !meant.get(finding.path)?.has(finding.property))
    .map((finding) => ({
      ...explain({ finding, revealed: reveals(finding.node) }),
      location: source.locate('offset' in finding ? finding.offset : finding.node.offset),
    }));
}

function explain(options: { finding: Finding; revealed: boolean }): Omit<Problem, 'location'> {
  const { finding, revealed } = options;
  const found = describeNode(finding.node, revealed);
  switch (finding.kind) {
    case 'type':
      return {
        code: 'wrong-type',
        message: `${label(finding.path, finding.shape)} must be ${expected(finding.shape)}, not ${found}.`,
        ...typeAdvice(finding, revealed),
      };
    case 'value':
      return {
        code: 'bad-value',
        message: `${label(finding.path, finding.shape)} must be ${expected(finding.shape)}, not ${found}.`,
        ...valueAdvice(finding),
      };
    case 'missing':
      return {
        code: 'missing-field',
        message: `${quote(finding.property)} is missing; ${finding.owner.title ?? 'this part'} needs it.`,
        suggestion: `add ${example(finding.property, finding.shape)}`,
      };
    case 'unknown':
      return {
        code: 'unknown-field',
        message: `${quote(finding.property)} is not a field of ${finding.owner.title ?? 'this part'}.`,
        ...unknownAdvice(finding),
      };
    case 'name':
      return {
        code: 'bad-name',
        message: `${quote(finding.property)} cannot be a key here; a key must be ${finding.shape.title ?? 'another'}.`,
      };
    case 'too-few':
      return {
        code: 'too-few-items',
        message: `${label(finding.path, finding.shape)} needs at least ${finding.shape.minItems ?? finding.shape.minProperties} entries.`,
        ...exampleAdvice(finding.shape),
      };
    default:
      return finding satisfies never;
  }
}

/** For each mapping, by its path, the missing fields that one of its unknown fields was meant for. */
function misspelt(findings: readonly Finding[]): ReadonlyMap<Path, ReadonlySet<string>> {
  const missing = new Map<Path, Set<string>>();
  const meant = new Map<Path, Set<string>>();
  for (const finding of findings) {
    if (finding.kind === 'missing') into(missing, finding.path).add(finding.property);
  }
  for (const finding of findings) {
    const name = finding.kind === 'unknown' ? nearestField(finding) : undefined;
    if (name !== undefined && missing.get(finding.path)?.has(name)) into(meant, finding.path).add(name);
  }
  return meant;
}

function into<K>(map: Map<K, Set<string>>, key: K): Set<string> {
  const set = map.get(key) ?? new Set<string>();
  map.set(key, set);
  return set;
}

function label(path: Path, shape: Shape): string {
  const name = lastName(path);
  return name === '' ? `The content of ${shape.title ?? 'the file'}` : quote(name);
}

/** The expected value as a noun phrase. */
function expected(shape: Shape): string {
  if (shape.values !== undefined) {
    const values = shape.values.map(String);
    return values.length === 1 ? quote(values[0] ?? '') : `one of ${either(values)}`;
  }
  if (shape.title !== undefined) return shape.title;
  const { minimum, maximum, exclusiveMinimum } = shape;
  const bounds =
    minimum !== undefined && maximum !== undefined
      ? ` from ${minimum} to ${maximum}`
      : minimum !== undefined
        ? ` of at least ${minimum}`
        : exclusiveMinimum !== undefined
          ? ` above ${exclusiveMinimum}`
          : '';
  const types = (shape.types ?? []).filter((type) => type !== 'null');
  return `${either(types.map((type) => typeNames[type]))}${bounds}`;
}

const typeNames: Record<ValueType, string> = {
  object: 'a mapping',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'empty',
};

function describeNode(node: YamlNode, revealed: boolean): string {
  switch (node.kind) {
    case 'sequence':
      return 'a list';
    case 'mapping':
      return 'a mapping';
    case 'scalar':
      if (node.value === null) return 'empty';
      if (!revealed) return 'its present value';
      if (typeof node.value === 'string') return node.value.trim() === '' ? 'empty text' : quote(node.value);
      return typeof node.value === 'number' ? `the number ${node.text}` : node.text;
    default:
      return node satisfies never;
  }
}
