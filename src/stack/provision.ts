import type { SourceLocation } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { Data, ProvisionManifest } from '../manifest/model-provision.ts';

/** Something to be made inside a container's server, with every text rendered. */
export type ResolvedProvision = {
  /** Name of its schema in schemas/provision/, which its fields satisfy: `s3.bucket`. */
  kind: string;
  name: string;
  /** Sizes in bytes, durations in seconds; a text that a secret is in is a `Secret`. */
  fields: Readonly<Record<string, ResolvedData>>;
  location: SourceLocation;
};

/** Plain data whose texts may be secret. */
export type ResolvedData =
  | string
  | number
  | boolean
  | null
  | Secret
  | readonly ResolvedData[]
  | { readonly [name: string]: ResolvedData };

type Render = (field: string, text: string) => string;

/**
 * @param options.open renders a text that is shown to people
 * @param options.closed renders one that may hold secrets
 */
export function resolveProvision(options: {
  provision: ProvisionManifest;
  open: Render;
  closed: Render;
}): ResolvedProvision {
  const { provision, open, closed } = options;
  const { kind, location } = provision;
  const resolve = (field: string, value: Data): ResolvedData => {
    if (typeof value === 'string')
      return /\bsecrets\s*[.[]/.test(value) ? new Secret(closed(field, value)) : open(field, value);
    if (typeof value !== 'object' || value === null) return value;
    if (isList(value)) return value.map((item, index) => resolve(`${field}[${index}]`, item));
    return resolveAll(value, (name) => `${field}.${name}`);
  };
  const resolveAll = (fields: Readonly<Record<string, Data>>, named: (name: string) => string) =>
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, resolve(named(name), value)]));
  return {
    kind,
    name: open('name', provision.name),
    fields: resolveAll(provision.fields, (name) => name),
    location,
  };
}

/** `Array.isArray` does not tell a read-only list from a record. */
function isList(value: readonly Data[] | Readonly<Record<string, Data>>): value is readonly Data[] {
  return Array.isArray(value);
}
