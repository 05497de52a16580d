// The part of JSON Schema that contracts use; see src/contracts/field-schema.ts.

export type FieldSchema = ObjectSchema | ListSchema | TextSchema | NumberSchema | BooleanSchema;

type Described = { readonly description?: string };

export type ObjectSchema = Described & {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, FieldSchema>>;
  readonly required: readonly string[];
  readonly additionalProperties: boolean | FieldSchema;
};

export type ListSchema = Described & {
  readonly type: 'array';
  readonly items: FieldSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
};

export type TextSchema = Described & {
  readonly type: 'string';
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly format?: 'date-time' | 'uuid';
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
};

export type NumberSchema = Described & {
  readonly type: 'integer' | 'number';
  readonly minimum?: number;
  readonly maximum?: number;
};

export type BooleanSchema = Described & { readonly type: 'boolean' };
