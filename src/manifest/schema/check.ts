import type { YamlMapping, YamlNode, YamlSequence } from '../yaml/tree.ts';
import type { Path } from './path.ts';
import { type JsonSchema, propertyOf, type Shape, type Shapes, type ValueType } from './shape.ts';

// A checker of JSON Schema for the subset of keywords in `Shape`, working on YAML nodes, so that every finding
// has its place. Ajv answers the same questions, but would have to be loaded, and to compile these schemas, at each
// start: many times as long as this check takes (scripts/measure/schema-check.ts). A test holds it to Ajv's verdict
// on thousands of documents (check.oracle.test.ts).

/** One way in which a document differs from its schema. */
export type Finding = { path: Path; node: YamlNode } & (
  | { kind: 'type'; shape: Shape }
  | { kind: 'value'; shape: Shape }
  | { kind: 'missing'; property: string; owner: Shape; shape: Shape | undefined }
  | { kind: 'unknown'; property: string; offset: number; owner: Shape }
  | { kind: 'name'; property: string; offset: number; shape: Shape }
  | { kind: 'too-few'; shape: Shape }
);

/** Everything in which the node differs from the schema. Depth is that of the document, which is limited. */
export function checkNode(options: {
  shapes: Shapes;
  schema: JsonSchema;
  node: YamlNode;
}): readonly Finding[] {
  const findings: Finding[] = [];
  check({ shapes: options.shapes, findings }, options.schema, options.node, undefined);
  return findings;
}

/** The shape that applies to a node: conditions and unions decided. None if the union's tag fits no branch. */
export function applicableShape(options: {
  shapes: Shapes;
  schema: JsonSchema;
  node: YamlNode;
}): Shape | undefined {
  const { shapes, node } = options;
  const shape = shapes(options.schema);
  if (shape.condition !== undefined) {
    const holds = checkNode({ shapes, schema: shape.condition.if, node }).length === 0;
    return applicableShape({ shapes, schema: holds ? shape.condition.holds : shape.condition.fails, node });
  }
  if (shape.union !== undefined && node.kind === 'mapping') {
    const tag = node.entries.get(shape.union.property)?.value;
    const branch = tag?.kind === 'scalar' ? shape.union.branches.get(String(tag.value)) : undefined;
    return branch === undefined ? undefined : shapes(branch);
  }
  return shape;
}

type Run = { shapes: Shapes; findings: Finding[] };

function check(run: Run, schema: JsonSchema, node: YamlNode, path: Path): void {
  const outer = run.shapes(schema);
  if (outer.union !== undefined && node.kind === 'mapping') {
    if (!checkTag(run, outer, node, path)) return;
  }
  const shape = applicableShape({ shapes: run.shapes, schema, node });
  if (shape === undefined) return;
  if (shape.types !== undefined && !shape.types.some((type) => isOfType(node, type))) {
    // The outer title names every form that is accepted, the inner one only the form that was tried.
    run.findings.push({ kind: 'type', path, node, shape: outer.title === undefined ? shape : outer });
    return;
  }
  if (shape.values !== undefined && node.kind !== 'scalar') {
    run.findings.push({ kind: 'value', path, node, shape });
    return;
  }
  switch (node.kind) {
    case 'scalar':
      if (!isAllowed(shape, node.value)) run.findings.push({ kind: 'value', path, node, shape });
      return;
    case 'sequence':
      checkItems(run, shape, node, path);
      return;
    case 'mapping':
      checkProperties(run, shape, node, path);
      return;
    default:
      node satisfies never;
  }
}

/** Whether the property that tells the branches of a union apart is there and names one. */
function checkTag(run: Run, shape: Shape, node: YamlMapping, path: Path): boolean {
  if (shape.union === undefined) return true;
  const { property, branches } = shape.union;
  const tag = node.entries.get(property)?.value;
  const values = { ...shape, title: undefined, examples: [], values: [...branches.keys()] };
  if (tag === undefined) {
    run.findings.push({ kind: 'missing', path, node, property, owner: shape, shape: values });
    return false;
  }
  if (tag.kind === 'scalar' && typeof tag.value === 'string' && branches.has(tag.value)) return true;
  run.findings.push({ kind: 'value', path: { up: path, step: property }, node: tag, shape: values });
  return false;
}

function checkItems(run: Run, shape: Shape, node: YamlSequence, path: Path): void {
  if (shape.minItems !== undefined && node.items.length < shape.minItems) {
    run.findings.push({ kind: 'too-few', path, node, shape });
  }
  for (const [index, item] of node.items.entries()) {
    const schema = shape.prefixItems[index] ?? shape.items;
    if (schema !== undefined) check(run, schema, item, { up: path, step: index });
  }
}

function checkProperties(run: Run, shape: Shape, node: YamlMapping, path: Path): void {
  if (shape.minProperties !== undefined && node.entries.size < shape.minProperties) {
    run.findings.push({ kind: 'too-few', path, node, shape });
  }
  for (const property of shape.required) {
    if (node.entries.has(property)) continue;
    const schema = propertyOf(shape, property);
    const missing = schema === undefined ? undefined : run.shapes(schema);
    run.findings.push({ kind: 'missing', path, node, property, owner: shape, shape: missing });
  }
  for (const { key, offset, value } of node.entries.values()) {
    if (shape.propertyNames !== undefined) {
      const names = run.shapes(shape.propertyNames);
      if (!isAllowed(names, key)) {
        run.findings.push({ kind: 'name', path, node: value, property: key, offset, shape: names });
        continue;
      }
    }
    const schema = propertyOf(shape, key) ?? shape.additional;
    if (schema === false) {
      run.findings.push({ kind: 'unknown', path, node: value, property: key, offset, owner: shape });
    } else if (schema !== undefined) {
      check(run, schema, value, { up: path, step: key });
    }
  }
}

function isOfType(node: YamlNode, type: ValueType): boolean {
  switch (type) {
    case 'object':
      return node.kind === 'mapping';
    case 'array':
      return node.kind === 'sequence';
    case 'null':
      return node.kind === 'scalar' && node.value === null;
    case 'integer':
      return node.kind === 'scalar' && Number.isInteger(node.value);
    case 'number':
      return node.kind === 'scalar' && Number.isFinite(node.value);
    case 'string':
    case 'boolean':
      return node.kind === 'scalar' && typeof node.value === type;
    default:
      return type satisfies never;
  }
}

/** Whether a scalar of the right type also has a right value. */
function isAllowed(shape: Shape, value: unknown): boolean {
  if (shape.values !== undefined && !shape.values.includes(value)) return false;
  switch (typeof value) {
    case 'string':
      // Lengths count characters, not code units, as JSON Schema has it.
      return (
        (shape.maxLength === undefined || [...value].length <= shape.maxLength) &&
        (shape.pattern?.test(value) ?? true)
      );
    case 'number':
      return (
        value >= (shape.minimum ?? Number.NEGATIVE_INFINITY) &&
        value <= (shape.maximum ?? Number.POSITIVE_INFINITY) &&
        (shape.exclusiveMinimum === undefined || value > shape.exclusiveMinimum)
      );
    default:
      return true;
  }
}
