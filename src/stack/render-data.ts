import type { Data, Fields, ResolvedData } from '../core/data.ts';
import { Secret } from '../core/secret.ts';

/** Renders a template; `field` is its place in the manifest. */
type Render = (field: string, text: string) => string;

export type Renders = {
  /** For a text that is shown to people. */
  open: Render;
  /** For one that may hold secrets. */
  closed: Render;
};

/** Fields of a manifest with every text in them rendered. A text that names a secret is one. */
export function renderData(options: { fields: Readonly<Record<string, Data>> } & Renders): Fields {
  const { fields, open, closed } = options;
  const resolve = (field: string, value: Data): ResolvedData => {
    if (typeof value === 'string')
      return /\bsecrets\s*[.[]/.test(value) ? new Secret(closed(field, value)) : open(field, value);
    if (typeof value !== 'object' || value === null) return value;
    if (isList(value)) return value.map((item, index) => resolve(`${field}[${index}]`, item));
    return resolveAll(value, (name) => `${field}.${name}`);
  };
  const resolveAll = (values: Readonly<Record<string, Data>>, named: (name: string) => string) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, resolve(named(name), value)]));
  return resolveAll(fields, (name) => name);
}

/** `Array.isArray` does not tell a read-only list from a record. */
function isList(value: readonly Data[] | Readonly<Record<string, Data>>): value is readonly Data[] {
  return Array.isArray(value);
}
