import type { FieldSchema, ObjectSchema } from './field-schema.ts';
import type { Message } from './model.ts';
import { typeName } from './type-name.ts';

// Pulsar's schema registry takes Avro records for what is JSON on the wire ("JSON" schemas): it keeps and compares
// them, and clients of other languages make their types of them. What Avro cannot say (lengths, patterns, the values of
// a text) is checked by publishers and readers.

export type AvroType = string | AvroRecord | AvroList | AvroMap;

export type AvroRecord = {
  type: 'record';
  name: string;
  namespace?: string;
  doc?: string;
  fields: readonly AvroField[];
};
type AvroList = { type: 'array'; items: AvroType };
type AvroMap = { type: 'map'; values: AvroType };

export type AvroField = {
  name: string;
  doc?: string;
  /** A field that may be missing is a union with null. */
  type: AvroType | readonly ['null', AvroType];
  default?: null;
};

/**
 * The Avro record of a message's body.
 *
 * @param options.name of the record, unique in its namespace: the message's type
 * @param options.namespace `arc.agent`
 */
export function avroOf(options: {
  schema: ObjectSchema;
  name: string;
  namespace: string;
  doc?: string;
}): AvroRecord {
  const { schema, name, namespace, doc } = options;
  return {
    type: 'record',
    name,
    namespace,
    ...(doc === undefined ? {} : { doc }),
    fields: fieldsOf(schema, name),
  };
}

/** The Avro record that Pulsar's registry has for a message. */
export function avroOfMessage({ schema, type, domain, description }: Message): AvroRecord {
  return avroOf({ schema, name: type, namespace: `arc.${domain}`, doc: description });
}

/** In order of name: Avro has no order, but a registry compares texts. */
function fieldsOf(schema: ObjectSchema, owner: string): readonly AvroField[] {
  return Object.entries(schema.properties)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]): AvroField => {
      const type = typeOf(field, `${owner}${typeName(name)}`);
      return {
        name,
        ...(field.description === undefined ? {} : { doc: field.description }),
        ...(schema.required.includes(name) ? { type } : { type: ['null', type], default: null }),
      };
    });
}

/** @param name of the record that an object becomes: records of one document have different names */
function typeOf(field: FieldSchema, name: string): AvroType {
  switch (field.type) {
    case 'string':
      return 'string';
    case 'integer':
      return 'long';
    case 'number':
      return 'double';
    case 'boolean':
      return 'boolean';
    case 'array':
      return { type: 'array', items: typeOf(field.items, `${name}Item`) };
    case 'object':
      return objectType(field, name);
    default:
      return field satisfies never;
  }
}

/** With names of its own it is a record, and further names are not part of it; with any names alone, a map. */
function objectType(schema: ObjectSchema, name: string): AvroType {
  const { additionalProperties, properties } = schema;
  if (typeof additionalProperties === 'object' && Object.keys(properties).length === 0)
    return { type: 'map', values: typeOf(additionalProperties, `${name}Value`) };
  return { type: 'record', name, fields: fieldsOf(schema, name) };
}
