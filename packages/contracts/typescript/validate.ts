import { below } from './pointer.ts';
import type { FieldSchema, ListSchema, NumberSchema, ObjectSchema, TextSchema } from './schema.ts';
import { isDateTime, isUuid } from './text-formats.ts';

/** Where data breaks a schema, and which keyword. The message names no value, since that may be personal. */
export type Violation = { path: string; rule: string; message: string };

/**
 * - `publish`: properties that the schema does not know are refused
 * - `receive`: they are ignored, so that a publisher may be a version ahead
 */
export type Direction = 'publish' | 'receive';

/**
 * Where a value first breaks a schema; undefined if it keeps it.
 */
export function firstViolation(options: {
  schema: FieldSchema;
  value: unknown;
  direction: Direction;
}): Violation | undefined {
  const { schema, value, direction } = options;
  return check(schema, value, { path: '', direction });
}

type Place = { path: string; direction: Direction };

function check(schema: FieldSchema, value: unknown, at: Place): Violation | undefined {
  switch (schema.type) {
    case 'object':
      return isObject(value) ? checkObject(schema, value, at) : wrongType(at, 'an object');
    case 'array':
      return Array.isArray(value) ? checkList(schema, value, at) : wrongType(at, 'a list');
    case 'string':
      return typeof value === 'string' ? checkText(schema, value, at) : wrongType(at, 'text');
    case 'integer':
      return Number.isSafeInteger(value)
        ? checkNumber(schema, Number(value), at)
        : wrongType(at, 'a whole number');
    case 'number':
      return Number.isFinite(value) ? checkNumber(schema, Number(value), at) : wrongType(at, 'a number');
    case 'boolean':
      return typeof value === 'boolean' ? undefined : wrongType(at, 'true or false');
    default:
      return schema satisfies never;
  }
}

function checkObject(schema: ObjectSchema, value: Record<string, unknown>, at: Place): Violation | undefined {
  const missing = schema.required.find((name) => value[name] === undefined);
  if (missing !== undefined) return violation(at, 'required', 'it is required', missing);
  for (const [name, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    const known = Object.hasOwn(schema.properties, name)
      ? schema.properties[name]
      : schema.additionalProperties;
    if (known === true || known === undefined) continue;
    if (known === false) {
      if (at.direction === 'receive') continue;
      return violation(at, 'additionalProperties', 'the contract does not know it', name);
    }
    const found = check(known, inner, { ...at, path: below(at.path, name) });
    if (found !== undefined) return found;
  }
  return undefined;
}

function checkList(schema: ListSchema, value: readonly unknown[], at: Place): Violation | undefined {
  if (value.length < (schema.minItems ?? 0)) {
    return violation(at, 'minItems', `it has less than ${schema.minItems} items`);
  }
  if (value.length > (schema.maxItems ?? Number.POSITIVE_INFINITY)) {
    return violation(at, 'maxItems', `it has more than ${schema.maxItems} items`);
  }
  for (const [index, item] of value.entries()) {
    const found = check(schema.items, item, { ...at, path: below(at.path, index) });
    if (found !== undefined) return found;
  }
  return undefined;
}

function checkText(schema: TextSchema, value: string, at: Place): Violation | undefined {
  if (schema.const !== undefined && value !== schema.const) {
    return violation(at, 'const', `it is not ${JSON.stringify(schema.const)}`);
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    return violation(at, 'enum', `it is none of ${schema.enum.join(', ')}`);
  }
  if (schema.format === 'date-time' && !isDateTime(value)) {
    return violation(at, 'format', 'it is not a time such as 2026-01-31T13:30:00Z');
  }
  if (schema.format === 'uuid' && !isUuid(value)) return violation(at, 'format', 'it is not a UUID');
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) {
    return violation(at, 'pattern', `it does not match ${schema.pattern}`);
  }
  if (schema.minLength === undefined && schema.maxLength === undefined) return undefined;
  const length = [...value].length;
  if (length < (schema.minLength ?? 0)) {
    return violation(at, 'minLength', `it has less than ${schema.minLength} characters`);
  }
  if (length > (schema.maxLength ?? Number.POSITIVE_INFINITY)) {
    return violation(at, 'maxLength', `it has more than ${schema.maxLength} characters`);
  }
  return undefined;
}

function checkNumber(schema: NumberSchema, value: number, at: Place): Violation | undefined {
  if (value < (schema.minimum ?? Number.NEGATIVE_INFINITY)) {
    return violation(at, 'minimum', `it is less than ${schema.minimum}`);
  }
  if (value > (schema.maximum ?? Number.POSITIVE_INFINITY)) {
    return violation(at, 'maximum', `it is more than ${schema.maximum}`);
  }
  return undefined;
}

function wrongType(at: Place, wanted: string): Violation {
  return violation(at, 'type', `it is not ${wanted}`);
}

function violation(at: Place, rule: string, message: string, name?: string): Violation {
  return { path: name === undefined ? at.path : below(at.path, name), rule, message };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
