import { Secret } from './secret.ts';

/** Plain data, as YAML and JSON have it. */
export type Data = string | number | boolean | null | readonly Data[] | { readonly [name: string]: Data };

/** Plain data whose texts may be secret: fields of a manifest with every template rendered. */
export type ResolvedData =
  | string
  | number
  | boolean
  | null
  | Secret
  | readonly ResolvedData[]
  | { readonly [name: string]: ResolvedData };

export type Fields = Readonly<Record<string, ResolvedData>>;

// For who knows the schema that fields were checked against: what is not as it promises is a fault in arc.

/** A text that is shown to people. */
export function textField(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw broken(name, 'a text that may be shown');
  return value;
}

export function optionalText(fields: Fields, name: string): string | undefined {
  return fields[name] === undefined ? undefined : textField(fields, name);
}

export function numberField(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number') throw broken(name, 'a number');
  return value;
}

export function optionalNumber(fields: Fields, name: string): number | undefined {
  return fields[name] === undefined ? undefined : numberField(fields, name);
}

/** A text that may be secret, whether or not a secret is in it. */
export function secretField(fields: Fields, name: string): Secret {
  const value = fields[name];
  if (value instanceof Secret) return value;
  return new Secret(textField(fields, name));
}

export function optionalSecret(fields: Fields, name: string): Secret | undefined {
  return fields[name] === undefined ? undefined : secretField(fields, name);
}

function broken(name: string, expected: string): Error {
  return new Error(`the field ${name} is not ${expected}, although its schema says so`);
}

/** Whether a field that is true or false is true. */
export function isSet(fields: Fields, name: string): boolean {
  return fields[name] === true;
}
