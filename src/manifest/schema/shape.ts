/** A JSON Schema (2020-12), as it comes from its file. Only the keywords of `Shape` are used in this project. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Kinds of value that a schema can ask for. */
export type ValueType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null';

/**
 * One schema with its references followed: what a checker needs, in the form that it needs it in.
 * Keywords beside a `$ref` are laid over what it leads to; properties are joined.
 */
export type Shape = {
  /** What is expected, as a noun phrase: `a size`. */
  title: string | undefined;
  description: string | undefined;
  examples: readonly unknown[];
  types: readonly ValueType[] | undefined;
  values: readonly unknown[] | undefined;
  pattern: RegExp | undefined;
  maxLength: number | undefined;
  minimum: number | undefined;
  exclusiveMinimum: number | undefined;
  maximum: number | undefined;
  minItems: number | undefined;
  properties: ReadonlyMap<string, JsonSchema>;
  required: readonly string[];
  /** `false`: no other properties; a schema: what the others must be; absent: anything. */
  additional: JsonSchema | false | undefined;
  propertyNames: JsonSchema | undefined;
  prefixItems: readonly JsonSchema[];
  items: JsonSchema | undefined;
  /** Schema by the value of the property that tells them apart. */
  union: { property: string; branches: ReadonlyMap<string, JsonSchema> } | undefined;
  condition: { if: JsonSchema; holds: JsonSchema; fails: JsonSchema } | undefined;
  /** Annotations of this project: keywords that begin with `x-`. */
  notes: Readonly<Record<string, unknown>>;
};

/** Follows the references of the schemas of one document; each schema is worked out once. */
export type Shapes = (schema: JsonSchema) => Shape;

export function shapesOf(document: JsonSchema): Shapes {
  const known = new WeakMap<JsonSchema, Shape>();
  const shapeOf = (schema: JsonSchema): Shape => {
    const ready = known.get(schema);
    if (ready !== undefined) return ready;
    const shape = toShape({ document, schema });
    known.set(schema, shape);
    return shape;
  };
  return shapeOf;
}

/** The schema with what `$ref` leads to underneath it. */
function flatten(options: { document: JsonSchema; schema: JsonSchema }): JsonSchema {
  const { document, schema } = options;
  if (typeof schema.$ref !== 'string') return schema;
  const base = flatten({ document, schema: definition(document, schema.$ref) });
  return {
    ...base,
    ...schema,
    properties: { ...object(base.properties), ...object(schema.properties) },
    required: [...list(base.required), ...list(schema.required)],
  };
}

function definition(document: JsonSchema, reference: string): JsonSchema {
  const name = /^#\/\$defs\/(.+)$/.exec(reference)?.[1] ?? '';
  const found = object(document.$defs)[name];
  if (!isSchema(found))
    throw new Error(`the schema ${String(document.$id)} refers to ${reference}, which is not there`);
  return found;
}

function toShape(options: { document: JsonSchema; schema: JsonSchema }): Shape {
  const { document } = options;
  const schema = flatten(options);
  const additional = schema.unevaluatedProperties ?? schema.additionalProperties;
  return {
    title: text(schema.title),
    description: text(schema.description),
    examples: list(schema.examples),
    types: typesOf(schema.type),
    values: 'const' in schema ? [schema.const] : Array.isArray(schema.enum) ? schema.enum : undefined,
    pattern: typeof schema.pattern === 'string' ? new RegExp(schema.pattern, 'u') : undefined,
    maxLength: number(schema.maxLength),
    minimum: number(schema.minimum),
    exclusiveMinimum: number(schema.exclusiveMinimum),
    maximum: number(schema.maximum),
    minItems: number(schema.minItems),
    properties: new Map(
      Object.entries(object(schema.properties)).filter((entry): entry is [string, JsonSchema] =>
        isSchema(entry[1]),
      ),
    ),
    required: list(schema.required).filter((name) => typeof name === 'string'),
    additional: additional === false ? false : isSchema(additional) ? additional : undefined,
    propertyNames: isSchema(schema.propertyNames) ? schema.propertyNames : undefined,
    prefixItems: list(schema.prefixItems).filter(isSchema),
    items: isSchema(schema.items) ? schema.items : undefined,
    union: unionOf({ document, schema }),
    condition:
      isSchema(schema.if) && isSchema(schema.then) && isSchema(schema.else)
        ? { if: schema.if, holds: schema.then, fails: schema.else }
        : undefined,
    notes: Object.fromEntries(Object.entries(schema).filter(([keyword]) => keyword.startsWith('x-'))),
  };
}

function unionOf(options: { document: JsonSchema; schema: JsonSchema }): Shape['union'] {
  const { document, schema } = options;
  const property = text(object(schema.discriminator).propertyName);
  if (property === undefined) return undefined;
  const branches = list(schema.oneOf)
    .filter(isSchema)
    .map((branch) => [String(tagOf(flatten({ document, schema: branch }), property)), branch] as const);
  return { property, branches: new Map(branches) };
}

function tagOf(branch: JsonSchema, property: string): unknown {
  return object(object(branch.properties)[property]).const;
}

function typesOf(type: unknown): readonly ValueType[] | undefined {
  return type === undefined ? undefined : ((Array.isArray(type) ? type : [type]) as readonly ValueType[]);
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function object(value: unknown): JsonSchema {
  return isSchema(value) ? value : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
