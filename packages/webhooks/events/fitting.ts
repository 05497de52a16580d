import type { FieldSchema, ObjectSchema } from '../../contracts/typescript/schema.ts';

/**
 * What of a value its schema knows. LiveKit's events have more with every release, and names and attributes of people,
 * which nobody could take back from a topic. Empty texts, which its JSON has for nothing, are left out where the schema
 * wants a text with something in it.
 */
export function fitting(
  schema: ObjectSchema,
  value: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema.properties).flatMap(([name, field]) => {
      const given = value[name];
      const isRequired = schema.required.includes(name);
      return given === undefined || given === null || (isNothing(field, given) && !isRequired)
        ? []
        : [[name, fittingField(field, given)]];
    }),
  );
}

function isNothing(field: FieldSchema, value: unknown): boolean {
  return (
    field.type === 'string' && value === '' && ((field.minLength ?? 0) > 0 || field.pattern !== undefined)
  );
}

function fittingField(field: FieldSchema, value: unknown): unknown {
  if (field.type === 'object' && isMapping(value)) return fitting(field, value);
  if (field.type === 'array' && Array.isArray(value))
    return value.map((item) => fittingField(field.items, item));
  return value;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
