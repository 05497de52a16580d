import type { Data } from '../../core/data.ts';
import { applicableShape } from '../schema/check.ts';
import type { DocumentSchema } from '../schema/load.ts';
import { type JsonSchema, propertyOf } from '../schema/shape.ts';
import type { YamlMapping, YamlNode } from '../yaml/tree.ts';
import { define } from './read.ts';
import { parseSeconds, parseSize } from './units.ts';

/**
 * A node as plain data according to its schema: with defaults for absent fields, and with `x-unit: bytes` or `seconds`
 * as numbers. A value that breaks the schema stays as written; the schema check has reported it.
 */
export function plainData(options: {
  document: DocumentSchema;
  /** The part of the document that the node is held to. */
  schema: JsonSchema | undefined;
  node: YamlNode;
}): Data {
  const { document, schema, node } = options;
  const shape = schema === undefined ? undefined : applicableShape({ shapes: document.shapes, schema, node });
  switch (node.kind) {
    case 'scalar':
      return inUnit({ value: node.value, unit: shape?.notes['x-unit'] });
    case 'sequence':
      return node.items.map((item) => plainData({ document, schema: shape?.items, node: item }));
    case 'mapping':
      return plainMapping({ document, schema, node });
    default:
      return node satisfies never;
  }
}

function plainMapping(options: {
  document: DocumentSchema;
  schema: JsonSchema | undefined;
  node: YamlMapping;
}): Data {
  const { document, schema, node } = options;
  const shape = schema === undefined ? undefined : applicableShape({ shapes: document.shapes, schema, node });
  const data: Record<string, Data> = {};
  for (const [name, property] of Object.entries(shape?.properties ?? {})) {
    const { notes } = document.shapes(property);
    if (notes.default === undefined) continue;
    const standard = notes.default as Data;
    define(
      data,
      name,
      typeof standard === 'string' ? inUnit({ value: standard, unit: notes['x-unit'] }) : standard,
    );
  }
  for (const { key, value } of node.entries.values()) {
    const known = shape === undefined ? undefined : (propertyOf(shape, key) ?? shape.additional);
    const inner = known === false ? undefined : known;
    define(data, key, plainData({ document, schema: inner, node: value }));
  }
  return data;
}

function inUnit(options: { value: string | number | boolean | null; unit: unknown }): Data {
  const { value, unit } = options;
  if (typeof value !== 'string') return value;
  switch (unit) {
    case 'bytes':
      return parseSize(value) ?? value;
    case 'seconds':
      return parseSeconds(value) ?? value;
    default:
      return value;
  }
}
