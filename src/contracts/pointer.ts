import type { FieldSchema } from './field-schema.ts';

/** The names of a JSON pointer: `/a/b` → `a`, `b`. Names in contracts have no `~` and no `/`. */
export function stepsOf(pointer: string): readonly string[] {
  return pointer.split('/').slice(1);
}

/** The schema of what a pointer leads to; `*` is every item of a list. Undefined if it leads nowhere. */
export function schemaAt(options: { schema: FieldSchema; pointer: string }): FieldSchema | undefined {
  let schema: FieldSchema | undefined = options.schema;
  for (const step of stepsOf(options.pointer)) {
    if (schema?.type === 'array' && step === '*') schema = schema.items;
    else if (schema?.type === 'object' && Object.hasOwn(schema.properties, step))
      schema = schema.properties[step];
    else return undefined;
  }
  return schema;
}
