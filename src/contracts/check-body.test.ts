import { describe, expect, it } from 'vitest';
import { checkBody } from './check-body.ts';
import type { FieldSchema, ObjectSchema } from './field-schema.ts';

const text: FieldSchema = { type: 'string' };
const object = (
  properties: Record<string, FieldSchema>,
  further: Partial<ObjectSchema> = {},
): ObjectSchema => ({ type: 'object', properties, required: [], additionalProperties: false, ...further });

function told(schema: FieldSchema, body: Parameters<typeof checkBody>[0]['body'], reading = false) {
  return checkBody({ schema, body, reading }).map(({ pointer, message }) => `${pointer} ${message}`);
}

describe('checkBody', () => {
  it('accepts what the schema allows', () => {
    const schema = object({ id: text, tags: { type: 'array', items: text } }, { required: ['id'] });
    expect(told(schema, { id: 'a', tags: ['b'] })).toEqual([]);
    expect(told(schema, { id: 'a' })).toEqual([]);
  });

  it('names every field that is wrong by its JSON pointer', () => {
    const schema = object(
      { turn: object({ index: { type: 'integer' } }), tags: { type: 'array', items: text } },
      {
        required: ['id'],
        properties: { turn: object({ index: { type: 'integer' } }), tags: { type: 'array', items: text } },
      },
    );
    expect(told(schema, { turn: { index: 1.5 }, tags: ['a', 2] })).toEqual([
      ' lacks id',
      '/turn/index must be a whole number, not 1.5',
      '/tags/1 must be text, not 2',
    ]);
  });

  it('refuses an unknown field where a message is published, and ignores it where one is read', () => {
    expect(told(object({ id: text }), { idd: 'a' })).toEqual(['/idd is no field of the contract']);
    expect(told(object({ id: text }), { idd: 'a' }, true)).toEqual([]);
  });

  it('escapes names in pointers', () => {
    expect(told(object({}), { 'a/b~c': 1 })).toEqual(['/a~1b~0c is no field of the contract']);
  });

  it('does not take a property that every object has for one of the contract', () => {
    expect(told(object({}), JSON.parse('{"__proto__": 1, "constructor": 2}'))).toEqual([
      '/__proto__ is no field of the contract',
      '/constructor is no field of the contract',
    ]);
  });

  it('checks other fields where a schema for them is given', () => {
    const schema = object({}, { additionalProperties: { type: 'number' } });
    expect(told(schema, { cpu: 1, memory: 'much' })).toEqual(['/memory must be a number, not text']);
  });

  it.each<[string, FieldSchema, Parameters<typeof checkBody>[0]['body'], string[]]>([
    ['a constant', { type: 'string', const: 'v1' }, 'v2', [' must be "v1", not "v2"']],
    ['a value', { type: 'string', enum: ['a', 'b'] }, 'c', [' must be one of "a", "b", not "c"']],
    ['a length in characters', { type: 'string', minLength: 2 }, '😀', [' must have at least 2 characters']],
    ['a length', { type: 'string', maxLength: 1 }, '😀', []],
    ['a pattern', { type: 'string', pattern: '^[0-9]+$' }, 'x1', [' must match ^[0-9]+$, not "x1"']],
    [
      'a time',
      { type: 'string', format: 'date-time' },
      '2025-12-14 13:30:00',
      [' must be a time such as 2026-01-31T12:00:00Z, not "2025-12-14 13:30:00"'],
    ],
    ['a time with an offset', { type: 'string', format: 'date-time' }, '2025-12-14T13:30:00.5+01:00', []],
    ['a UUID', { type: 'string', format: 'uuid' }, '550e8400', [' must be a UUID, not "550e8400"']],
    ['a bound', { type: 'number', minimum: 0 }, -1, [' must be at least 0, not -1']],
    ['the other bound', { type: 'integer', maximum: 10 }, 11, [' must be at most 10, not 11']],
    ['53 bits', { type: 'integer' }, 2 ** 53, [' must be a whole number, not 9007199254740992']],
    ['a number of items', { type: 'array', items: text, minItems: 1 }, [], [' must have at least 1 items']],
    ['true or false', { type: 'boolean' }, 'true', [' must be true or false, not text']],
    ['an object', object({}), [], [' must be an object, not a list']],
    ['no null', text, null, [' must be text, not null']],
  ])('checks %s', (_, schema, body, expected) => {
    expect(told(schema, body)).toEqual(expected);
  });
});
