import type { Data } from '../core/data.ts';
import type { FieldSchema, ListSchema, NumberSchema, ObjectSchema, TextSchema } from './field-schema.ts';

/** One way in which a body breaks its schema. */
export type Violation = {
  /** JSON pointer of the value, or of the object that lacks it; empty: the whole body. */
  pointer: string;
  /** `must be one of "audio", "video", not "screen"` */
  message: string;
};

/**
 * Everything in which a message's body breaks its schema.
 *
 * @param options.reading a reader ignores fields that it does not know, so that publishers may be newer than it
 */
export function checkBody(options: {
  schema: FieldSchema;
  body: Data;
  reading?: boolean;
}): readonly Violation[] {
  const violations: Violation[] = [];
  check({ violations, reading: options.reading === true }, options.schema, options.body, '');
  return violations;
}

type Run = { violations: Violation[]; reading: boolean };

function check(run: Run, schema: FieldSchema, value: Data, pointer: string): void {
  const violation = (message: string): void => {
    run.violations.push({ pointer, message });
  };
  switch (schema.type) {
    case 'object':
      if (isObject(value)) checkObject(run, schema, value, pointer);
      else violation(`must be an object, not ${nameOf(value)}`);
      return;
    case 'array':
      if (isList(value)) checkList(run, schema, value, pointer);
      else violation(`must be a list, not ${nameOf(value)}`);
      return;
    case 'string':
      if (typeof value !== 'string') violation(`must be text, not ${nameOf(value)}`);
      else for (const message of textFaults(schema, value)) violation(message);
      return;
    case 'integer':
    case 'number':
      for (const message of numberFaults(schema, value)) violation(message);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') violation(`must be true or false, not ${nameOf(value)}`);
      return;
    default:
      schema satisfies never;
  }
}

function checkObject(
  run: Run,
  schema: ObjectSchema,
  value: Readonly<Record<string, Data>>,
  pointer: string,
): void {
  for (const name of schema.required) {
    if (!Object.hasOwn(value, name)) run.violations.push({ pointer, message: `lacks ${name}` });
  }
  for (const [name, inner] of Object.entries(value)) {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const declared = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    const field = declared ?? schema.additionalProperties;
    if (typeof field === 'object') check(run, field, inner, at);
    else if (!field && !run.reading)
      run.violations.push({ pointer: at, message: 'is no field of the contract' });
  }
}

function checkList(run: Run, schema: ListSchema, value: readonly Data[], pointer: string): void {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  if (value.length < minItems)
    run.violations.push({ pointer, message: `must have at least ${minItems} items` });
  if (value.length > maxItems)
    run.violations.push({ pointer, message: `must have at most ${maxItems} items` });
  for (const [index, item] of value.entries()) check(run, schema.items, item, `${pointer}/${index}`);
}

function textFaults(schema: TextSchema, value: string): readonly string[] {
  const shown = quote(value);
  if (schema.const !== undefined && value !== schema.const)
    return [`must be ${quote(schema.const)}, not ${shown}`];
  if (schema.enum !== undefined && !schema.enum.includes(value))
    return [`must be one of ${schema.enum.map(quote).join(', ')}, not ${shown}`];
  const faults: string[] = [];
  // Characters, and not code units, as JSON Schema has it.
  const { length } = [...value];
  if (length < (schema.minLength ?? 0)) faults.push(`must have at least ${schema.minLength} characters`);
  if (length > (schema.maxLength ?? length)) faults.push(`must have at most ${schema.maxLength} characters`);
  if (schema.format !== undefined && !formats[schema.format].test(value))
    faults.push(`must be ${formatNames[schema.format]}, not ${shown}`);
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value))
    faults.push(`must match ${schema.pattern}, not ${shown}`);
  return faults;
}

function numberFaults(schema: NumberSchema, value: Data): readonly string[] {
  const whole = schema.type === 'integer';
  if (typeof value !== 'number' || !Number.isFinite(value) || (whole && !Number.isSafeInteger(value)))
    return [`must be ${whole ? 'a whole number' : 'a number'}, not ${nameOf(value)}`];
  if (schema.minimum !== undefined && value < schema.minimum)
    return [`must be at least ${schema.minimum}, not ${value}`];
  if (schema.maximum !== undefined && value > schema.maximum)
    return [`must be at most ${schema.maximum}, not ${value}`];
  return [];
}

const formats = {
  'date-time':
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/,
  uuid: /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
};

const formatNames = { 'date-time': 'a time such as 2026-01-31T12:00:00Z', uuid: 'a UUID' };

/** Only the beginning of a long text is shown. */
function quote(value: string): string {
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}

function nameOf(value: Data): string {
  if (value === null) return 'null';
  if (isList(value)) return 'a list';
  switch (typeof value) {
    case 'object':
      return 'an object';
    case 'string':
      return 'text';
    default:
      return String(value);
  }
}

function isList(value: Data): value is readonly Data[] {
  return Array.isArray(value);
}

function isObject(value: Data): value is Readonly<Record<string, Data>> {
  return typeof value === 'object' && value !== null && !isList(value);
}
