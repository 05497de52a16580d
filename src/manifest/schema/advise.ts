import { nearest } from '../../core/nearest.ts';
import { both, quote } from '../words.ts';
import { plainValue } from '../yaml/scalar.ts';
import type { Finding } from './check.ts';
import type { Shape } from './shape.ts';

/** Advice about a value of the wrong type. It never contains a hidden value. */
export function typeAdvice(
  finding: Extract<Finding, { kind: 'type' }>,
  revealed: boolean,
): { suggestion?: string } {
  const { node, shape } = finding;
  const wantsText = shape.types?.includes('string') === true;
  if (
    revealed &&
    wantsText &&
    node.kind === 'scalar' &&
    (typeof node.value === 'number' || typeof node.value === 'boolean')
  ) {
    return shape.pattern === undefined || shape.pattern.test(node.text)
      ? { suggestion: `put it in quotes: "${node.text}"` }
      : exampleAdvice(shape);
  }
  if (revealed && !wantsText && node.kind === 'scalar' && typeof node.value === 'string') {
    const bare = plainValue(node.text);
    if (shape.types?.some((type) => type === typeof bare || (type === 'integer' && Number.isInteger(bare)))) {
      return { suggestion: `write it without quotes: ${node.text}` };
    }
  }
  if (shape.types?.includes('array') === true && node.kind === 'scalar' && node.value !== null) {
    return { suggestion: 'write it as a list: put it in square brackets' };
  }
  return exampleAdvice(shape);
}

/** Advice about a forbidden value of the right type. */
export function valueAdvice(finding: Extract<Finding, { kind: 'value' }>): { suggestion?: string } {
  const { node, shape } = finding;
  if (shape.values !== undefined && node.kind === 'scalar') {
    const meant = nearest(node.text, shape.values.map(String));
    return meant === undefined ? {} : { suggestion: `did you mean "${meant}"?` };
  }
  return exampleAdvice(shape);
}

/** What an unknown field probably means: a note in the schema, or the nearest name. */
export function unknownAdvice(finding: Extract<Finding, { kind: 'unknown' }>): { suggestion: string } {
  const renamed = finding.owner.notes['x-renamed'];
  const note = isRecord(renamed) ? renamed[finding.property] : undefined;
  if (typeof note === 'string') return { suggestion: note };
  const meant = nearestField(finding);
  if (meant !== undefined) return { suggestion: `did you mean "${meant}"?` };
  return { suggestion: `its fields are ${both(Object.keys(finding.owner.properties))}` };
}

export function nearestField(finding: Extract<Finding, { kind: 'unknown' }>): string | undefined {
  return nearest(finding.property, Object.keys(finding.owner.properties));
}

export function exampleAdvice(shape: Shape): { suggestion?: string } {
  const [first] = shape.examples;
  return first === undefined ? {} : { suggestion: `write it as in ${inline(first)}` };
}

/** A field as one could write it: with the schema's example where there is one. */
export function example(property: string, shape: Shape | undefined): string {
  const value = shape?.examples[0] ?? shape?.values?.[0];
  return value === undefined ? quote(property) : `\`${property}: ${inline(value)}\``;
}

function inline(value: unknown): string {
  return typeof value === 'string' && !/[:#{}[\],&*!|>'"%@`]|^\s|\s$/.test(value)
    ? value
    : JSON.stringify(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
