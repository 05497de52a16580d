import { describe, expect, it } from 'vitest';
import type { FieldSchema, ObjectSchema } from './field-schema.ts';
import { readFaults } from './read-faults.ts';

const text: FieldSchema = { type: 'string' };
const whole: FieldSchema = { type: 'integer' };
const object = (
  properties: Record<string, FieldSchema>,
  required: readonly string[] = [],
  additionalProperties: boolean | FieldSchema = false,
): ObjectSchema => ({ type: 'object', properties, required, additionalProperties });

/** What breaks those who read the second with the first, as `/pointer message`. */
function told(reader: FieldSchema, writer: FieldSchema): readonly string[] {
  return readFaults({ reader, writer }).map(({ pointer, message }) => `${pointer} ${message}`);
}

type Row = [
  change: string,
  before: FieldSchema,
  after: FieldSchema,
  oldMessagesNewReaders: string[],
  newMessagesOldReaders: string[],
];

const rows: readonly Row[] = [
  ['nothing changes', object({ a: text }, ['a']), object({ a: text }, ['a']), [], []],
  ['an optional field is added', object({}), object({ a: text }), [], []],
  [
    'a required field is added',
    object({}),
    object({ a: text }, ['a']),
    ['/a is never there, and readers require it'],
    [],
  ],
  ['an optional field is removed', object({ a: text }), object({}), [], []],
  [
    'a required field is removed',
    object({ a: text }, ['a']),
    object({}),
    [],
    ['/a is never there, and readers require it'],
  ],
  [
    'a field becomes required',
    object({ a: text }),
    object({ a: text }, ['a']),
    ['/a is not always there, and readers require it'],
    [],
  ],
  [
    'a field becomes optional',
    object({ a: text }, ['a']),
    object({ a: text }),
    [],
    ['/a is not always there, and readers require it'],
  ],
  [
    'a field gets another type',
    object({ a: text }),
    object({ a: whole }),
    ['/a is written as text, and read as a whole number'],
    ['/a is written as a whole number, and read as text'],
  ],
  [
    'a whole number becomes any number',
    whole,
    { type: 'number' },
    [],
    [' is written as a number, and read as a whole number'],
  ],
  [
    'a value is added',
    { type: 'string', enum: ['a'] },
    { type: 'string', enum: ['a', 'b'] },
    [],
    [' may be b, and readers know only a'],
  ],
  [
    'a constant becomes one of several',
    { type: 'string', const: 'a' },
    { type: 'string', enum: ['a', 'b'] },
    [],
    [' may be b, and readers know only a'],
  ],
  [
    'any text becomes one of several',
    text,
    { type: 'string', enum: ['a'] },
    [' may be any text, and readers know only a'],
    [],
  ],
  [
    'a text becomes a time',
    text,
    { type: 'string', format: 'date-time' },
    [' need not be a date-time, and readers require one'],
    [],
  ],
  [
    'a text gets a pattern',
    text,
    { type: 'string', pattern: '^a' },
    [' need not match ^a, and readers require it'],
    [],
  ],
  [
    'a text that is always the same gets a pattern',
    { type: 'string', const: 'ab' },
    { type: 'string', const: 'ab', pattern: '^a' },
    [],
    [],
  ],
  [
    'a text gets a least length',
    text,
    { type: 'string', minLength: 1 },
    [' may be shorter than the 1 characters that readers require'],
    [],
  ],
  [
    'a text may be longer',
    { type: 'string', maxLength: 3 },
    { type: 'string', maxLength: 9 },
    [],
    [' may be longer than the 3 characters that readers allow'],
  ],
  [
    'a number gets bounds',
    whole,
    { type: 'integer', minimum: 0, maximum: 9 },
    [' may be less than the 0 that readers require', ' may be more than the 9 that readers allow'],
    [],
  ],
  [
    'a list may be empty',
    { type: 'array', items: text, minItems: 1 },
    { type: 'array', items: text },
    [],
    [' may have fewer items than the 1 that readers require'],
  ],
  [
    'items get another type',
    { type: 'array', items: text },
    { type: 'array', items: whole },
    ['/* is written as text, and read as a whole number'],
    ['/* is written as a whole number, and read as text'],
  ],
  [
    'an object becomes one of any names',
    object({ a: text }),
    object({}, [], whole),
    ['/a is written as text, and read as a whole number'],
    ['/a is written as a whole number, and read as text'],
  ],
  [
    'anything becomes a declared field',
    object({}, [], true),
    object({ a: text }),
    ['/a may be anything, and is read as text'],
    [],
  ],
  [
    'a field deep inside changes',
    object({ a: object({ b: { type: 'array', items: object({ c: text }, ['c']) } }) }),
    object({ a: object({ b: { type: 'array', items: object({ c: text }) } }) }),
    [],
    ['/a/b/*/c is not always there, and readers require it'],
  ],
];

describe.each(rows)('%s', (_, before, after, backward, forward) => {
  it('breaks new readers of old messages where it says so', () => {
    expect(told(after, before)).toEqual(backward);
  });

  it('breaks old readers of new messages where it says so', () => {
    expect(told(before, after)).toEqual(forward);
  });
});
