import { readdirSync, readFileSync } from 'node:fs';
import avsc, { type Schema } from 'avsc';
import { describe, expect, it } from 'vitest';
import type { Data } from '../core/data.ts';
import { parseContracts } from '../manifest/contracts/parse.ts';
import { type AvroRecord, avroOf } from './avro.ts';
import type { FieldSchema, ObjectSchema } from './field-schema.ts';
import { readFaults } from './read-faults.ts';

const folder = new URL('../../contracts/', import.meta.url);
const files = new Map(
  readdirSync(folder).map(
    (name) => [`contracts/${name}`, readFileSync(new URL(name, folder), 'utf8')] as const,
  ),
);
const { contracts } = parseContracts({ files, roles: new Set() });

function typeOf(record: AvroRecord) {
  return avsc.Type.forSchema(record as unknown as Schema, { wrapUnions: 'never' });
}

/** The body as Avro has it: what is missing is null. */
function filled(schema: FieldSchema, body: Data): Data {
  if (schema.type === 'array') return (body as readonly Data[]).map((item) => filled(schema.items, item));
  if (schema.type !== 'object') return body;
  const given = body as Readonly<Record<string, Data>>;
  if (Object.keys(schema.properties).length === 0) return given;
  return Object.fromEntries(
    Object.entries(schema.properties).map(([name, field]) => {
      const value = given[name];
      return [name, value === undefined ? null : filled(field, value)];
    }),
  );
}

describe.each(contracts.messages.map((message) => ({ name: message.name, message })))(
  'the Avro record of $name',
  ({ message }) => {
    const { schema, type: name, domain, description } = message;
    const type = typeOf(avroOf({ schema, name, namespace: `arc.${domain}`, doc: description }));

    it('is one, and its examples are values of it', () => {
      for (const example of message.examples) expect(type.isValid(filled(schema, example))).toBe(true);
    });

    it('gives an example back as it was after a way through bytes', () => {
      const [example = {}] = message.examples;
      const value = filled(schema, example);
      expect(JSON.parse(JSON.stringify(type.fromBuffer(type.toBuffer(value))))).toEqual(value);
    });
  },
);

describe('the Avro record', () => {
  const object = (properties: Record<string, FieldSchema>, required: readonly string[]): ObjectSchema => ({
    type: 'object',
    properties,
    required,
    additionalProperties: false,
  });
  const record = (schema: ObjectSchema) => avroOf({ schema, name: 'OrderPlaced', namespace: 'arc.shop' });

  it('has a null for what may be missing, a map for any names, and a name for each object', () => {
    const schema = object(
      {
        id: { type: 'string', description: 'Which one.' },
        items: { type: 'array', items: object({ price: { type: 'number' } }, ['price']) },
        counts: { type: 'object', properties: {}, required: [], additionalProperties: { type: 'integer' } },
      },
      ['id', 'items'],
    );
    expect(record(schema)).toEqual({
      type: 'record',
      name: 'OrderPlaced',
      namespace: 'arc.shop',
      fields: [
        { name: 'counts', type: ['null', { type: 'map', values: 'long' }], default: null },
        { name: 'id', doc: 'Which one.', type: 'string' },
        {
          name: 'items',
          type: {
            type: 'array',
            items: {
              type: 'record',
              name: 'OrderPlacedItemsItem',
              fields: [{ name: 'price', type: 'double' }],
            },
          },
        },
      ],
    });
  });

  const text: FieldSchema = { type: 'string' };
  it.each<[string, ObjectSchema, ObjectSchema]>([
    ['an optional field more', object({}, []), object({ a: text }, [])],
    ['a required field more', object({}, []), object({ a: text }, ['a'])],
    ['a required field less', object({ a: text }, ['a']), object({}, [])],
    ['another type', object({ a: text }, ['a']), object({ a: { type: 'integer' } }, ['a'])],
    [
      'any number for a whole one',
      object({ a: { type: 'integer' } }, ['a']),
      object({ a: { type: 'number' } }, ['a']),
    ],
    ['a field that may be missing now', object({ a: text }, ['a']), object({ a: text }, [])],
  ])('breaks no reader that arc contract check lets pass: %s', (_, before, after) => {
    const reads = (reader: ObjectSchema, writer: ObjectSchema): boolean => {
      try {
        typeOf(record(reader)).createResolver(typeOf(record(writer)));
        return true;
      } catch {
        return false;
      }
    };
    for (const [reader, writer] of [
      [after, before],
      [before, after],
    ] as const)
      expect(reads(reader, writer)).toBe(readFaults({ reader, writer }).length === 0);
  });
});
