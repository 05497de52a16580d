import type { FieldSchema } from '../../../contracts/field-schema.ts';
import type { Message } from '../../../contracts/model.ts';
import { schemaAt } from '../../../contracts/pointer.ts';
import type { Problem } from '../../../core/errors.ts';
import { type Given, placeIn } from './rule.ts';

/** Keys, users and personal fields are fields of the message, and of a type that can be what they are. */
export function checkPointers(given: Given): readonly Problem[] {
  return given.contracts.messages.flatMap((message) => {
    const { pulsar, personal } = message;
    const check = (options: {
      pointer: string | undefined;
      wanted: Wanted;
      path: readonly (string | number)[];
    }) => checkPointer({ given, message, ...options });
    return [
      ...check({ pointer: pulsar?.key, wanted: 'key', path: ['pulsar', 'key'] }),
      ...check({ pointer: personal?.user, wanted: 'user', path: ['personal', 'user'] }),
      ...(personal?.fields ?? []).flatMap((pointer, index) =>
        check({ pointer, wanted: 'personal', path: ['personal', 'fields', index] }),
      ),
    ];
  });
}

type Wanted = 'key' | 'user' | 'personal';

const words: Readonly<Record<Wanted, { what: string; right: string; is: (schema: FieldSchema) => boolean }>> =
  {
    key: {
      what: 'a key',
      right: 'text or a whole number',
      is: ({ type }) => type === 'string' || type === 'integer',
    },
    user: { what: "a user's id", right: 'text', is: ({ type }) => type === 'string' },
    // What is encrypted is longer than what was written, and of other characters.
    personal: {
      what: 'a personal field',
      right: 'text of any content and length',
      is: (schema) =>
        schema.type === 'string' &&
        [schema.enum, schema.const, schema.format, schema.pattern, schema.maxLength].every(
          (limit) => limit === undefined,
        ),
    },
  };

function checkPointer(options: {
  given: Given;
  message: Message;
  pointer: string | undefined;
  wanted: Wanted;
  path: readonly (string | number)[];
}): readonly Problem[] {
  const { given, message, pointer, wanted, path } = options;
  if (pointer === undefined) return [];
  const { what, right, is } = words[wanted];
  const found = schemaAt({ schema: message.schema, pointer });
  const many = wanted !== 'personal' && pointer.includes('*');
  if (found !== undefined && is(found) && !many) return [];
  return [
    {
      code: 'contract-pointer',
      message:
        found === undefined
          ? `${pointer} leads to no field of the message ${message.name}.`
          : `${pointer} cannot be ${what}, which is ${right}${wanted === 'personal' ? '' : ', and one'}.`,
      suggestion:
        found === undefined ? 'name a field of its schema' : 'name another field, or change its schema',
      location: placeIn(given, message, ...path),
    },
  ];
}
