// The part of JSON Schema 2020-12 that contracts use. It is closed, because everything that reads it has to agree on
// what it means: the checker, three generators of clients, and the translation to Avro. There is no `null`: a field
// that may be missing is not `required`. Property names are those of JSON Schema, so that the value as it is, is one.

export type FieldSchema = ObjectSchema | ListSchema | TextSchema | NumberSchema | BooleanSchema;

type Described = { description?: string };

export type ObjectSchema = Described & {
  type: 'object';
  properties: Readonly<Record<string, FieldSchema>>;
  required: readonly string[];
  /**
   * Other properties: `false`, refused where a message is published, and ignored where one is read; `true`, anything;
   * a schema: any name with such a value.
   */
  additionalProperties: boolean | FieldSchema;
};

export type ListSchema = Described & {
  type: 'array';
  items: FieldSchema;
  minItems?: number;
  maxItems?: number;
};

export type TextSchema = Described & {
  type: 'string';
  enum?: readonly string[];
  const?: string;
  format?: TextFormat;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
};

/** `date-time`: RFC 3339 with an offset; `uuid`: RFC 9562. */
export type TextFormat = 'date-time' | 'uuid';

export type NumberSchema = Described & {
  /** `integer`: whole, and within 53 bits, so that every language reads the same. */
  type: 'integer' | 'number';
  minimum?: number;
  maximum?: number;
};

export type BooleanSchema = Described & { type: 'boolean' };
