/** A JSON Schema (2020-12), as it comes from its file. Only the keywords of `Shape` are used in this project. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Kinds of value that a schema can ask for. */
export type ValueType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null';

/**
 * One schema with its references followed: what a checker needs, in the form that it needs it in.
 * Keywords beside a `$ref` are laid over what it leads to; properties are joined.
 */
export type Shape = {
  /** The expected value as a noun phrase: `a size`. */
  title: string | undefined;
  examples: readonly unknown[];
  types: readonly ValueType[] | undefined;
  values: readonly unknown[] | undefined;
  pattern: RegExp | undefined;
  maxLength: number | undefined;
  minimum: number | undefined;
  exclusiveMinimum: number | undefined;
  maximum: number | undefined;
  minItems: number | undefined;
  minProperties: number | undefined;
  properties: JsonSchemas;
  required: readonly string[];
  /** `false`: no other properties; a schema: what the others must be; absent: anything. */
  additional: JsonSchema | false | undefined;
  propertyNames: JsonSchema | undefined;
  prefixItems: readonly JsonSchema[];
  items: JsonSchema | undefined;
  /** Schema by the value of the property that tells them apart. */
  union: { property: string; branches: ReadonlyMap<string, JsonSchema> } | undefined;
  condition: { if: JsonSchema; holds: JsonSchema; fails: JsonSchema } | undefined;
  /** All keywords, for the annotations of this project, which begin with `x-`. */
  notes: JsonSchema;
};

type JsonSchemas = Readonly<Record<string, JsonSchema>>;

/** The schema of a property by its name, which may be one that every object inherits. */
export function propertyOf(shape: Shape, name: string): JsonSchema | undefined {
  return Object.hasOwn(shape.properties, name) ? shape.properties[name] : undefined;
}

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
  const flat = { ...base, ...schema };
  if (base.properties === undefined || schema.properties === undefined) return flat;
  return {
    ...flat,
    properties: { ...(base.properties as JsonSchemas), ...(schema.properties as JsonSchemas) },
    required: [...((base.required ?? []) as string[]), ...((schema.required ?? []) as string[])],
  };
}

/** `#/$defs/role`, or a property of a definition: `#/$defs/container/properties/volumes`. */
function definition(document: JsonSchema, reference: string): JsonSchema {
  const [, , name = '', , property] = reference.split('/');
  const owner = (document.$defs as JsonSchemas | undefined)?.[name];
  const found = property === undefined ? owner : (owner?.properties as JsonSchemas | undefined)?.[property];
  if (found === undefined) {
    throw new Error(`the schema ${String(document.$id)} refers to ${reference}, which is not there`);
  }
  return found;
}

// The files are part of the program, and a test holds them to the schema of schemas: what a keyword holds is not
// looked at again here, at each start.
function toShape(options: { document: JsonSchema; schema: JsonSchema }): Shape {
  const { document } = options;
  const schema = flatten(options);
  const { type, pattern } = schema;
  return {
    title: schema.title as string | undefined,
    examples: (schema.examples as readonly unknown[] | undefined) ?? none,
    types: type === undefined ? undefined : ((Array.isArray(type) ? type : [type]) as readonly ValueType[]),
    values: 'const' in schema ? [schema.const] : (schema.enum as readonly unknown[] | undefined),
    pattern: pattern === undefined ? undefined : new RegExp(pattern as string, 'u'),
    maxLength: schema.maxLength as number | undefined,
    minimum: schema.minimum as number | undefined,
    exclusiveMinimum: schema.exclusiveMinimum as number | undefined,
    maximum: schema.maximum as number | undefined,
    minItems: schema.minItems as number | undefined,
    minProperties: schema.minProperties as number | undefined,
    properties: (schema.properties as JsonSchemas | undefined) ?? {},
    required: (schema.required as readonly string[] | undefined) ?? none,
    additional: (schema.unevaluatedProperties ?? schema.additionalProperties) as Shape['additional'],
    propertyNames: schema.propertyNames as JsonSchema | undefined,
    prefixItems: (schema.prefixItems as readonly JsonSchema[] | undefined) ?? none,
    items: schema.items as JsonSchema | undefined,
    union: unionOf({ document, schema }),
    condition:
      schema.if === undefined
        ? undefined
        : {
            if: schema.if as JsonSchema,
            holds: schema.then as JsonSchema,
            fails: schema.else as JsonSchema,
          },
    notes: schema,
  };
}

const none: readonly never[] = [];

function unionOf(options: { document: JsonSchema; schema: JsonSchema }): Shape['union'] {
  const { document, schema } = options;
  const discriminator = schema.discriminator as { propertyName: string } | undefined;
  if (discriminator === undefined) return undefined;
  const property = discriminator.propertyName;
  const branches = (schema.oneOf as readonly JsonSchema[]).map((branch) => {
    const { properties } = flatten({ document, schema: branch });
    return [String((properties as JsonSchemas)[property]?.const), branch] as const;
  });
  return { property, branches: new Map(branches) };
}
