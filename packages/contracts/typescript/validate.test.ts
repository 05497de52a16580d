import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demoContracts } from '../../../tests/support/client-programs.ts';
import { isDateTime, isUuid } from './text-formats.ts';
import { firstViolation } from './validate.ts';

const message = demoContracts().messages.find(({ name }) => name === 'note-taken');
if (message === undefined) throw new Error('the fixture has it');
const { schema, examples } = message;
const [example] = examples;

const oracle = new Ajv2020();
oracle.addFormat('date-time', isDateTime);
oracle.addFormat('uuid', isUuid);
const agrees = oracle.compile(schema);

const scalar = fc.oneof(
  fc.string(),
  fc.integer(),
  // Beyond 2^53 a number need not be the integer that was written, so the clients take none there; Ajv does.
  fc.double().filter((one) => !Number.isInteger(one) || Number.isSafeInteger(one)),
  fc.boolean(),
  fc.constant(null),
  fc.constant([]),
);
const fields = fc.constantFrom(...Object.keys(schema.properties));

describe('the check of a message', () => {
  it('accepts the examples of the contract', () => {
    for (const value of examples) {
      expect(firstViolation({ schema, value, direction: 'publish' })).toBeUndefined();
    }
  });

  it('agrees with Ajv about whatever a field may hold', () => {
    fc.assert(
      fc.property(fc.dictionary(fields, scalar), (changes) => {
        const value = JSON.parse(JSON.stringify({ ...example, ...changes }));
        const found = firstViolation({ schema, value, direction: 'publish' });
        expect([found === undefined, value]).toEqual([agrees(value), value]);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses an integer that need not be the one that was written', () => {
    const value = { ...example, pages: 2 ** 53 };
    expect(firstViolation({ schema, value, direction: 'publish' })?.path).toBe('/pages');
  });

  it('names the field that is missing or unknown, and never a value', () => {
    const { text: _, ...without } = { ...example };
    expect(firstViolation({ schema, value: without, direction: 'publish' })).toEqual({
      path: '/text',
      rule: 'required',
      message: 'it is required',
    });
    const more = { ...example, 'a/b~c': 'secret' };
    const found = firstViolation({ schema, value: more, direction: 'publish' });
    expect(found).toMatchObject({ path: '/a~1b~0c', rule: 'additionalProperties' });
    expect(JSON.stringify(found)).not.toContain('secret');
  });

  it('ignores unknown properties of what is received', () => {
    const value = { ...example, later: 1 };
    expect(firstViolation({ schema, value, direction: 'receive' })).toBeUndefined();
  });
});
