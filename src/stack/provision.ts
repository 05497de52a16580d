import type { Fields } from '../core/data.ts';
import type { SourceLocation } from '../core/errors.ts';
import type { ProvisionManifest } from '../manifest/model-provision.ts';
import { type Renders, renderData } from './render-data.ts';

/** Something to be made inside a container's server, with every text rendered. */
export type ResolvedProvision = {
  /** Name of its schema in schemas/provision/, which its fields satisfy: `s3.bucket`. */
  kind: string;
  name: string;
  /** Sizes in bytes, durations in seconds; a text that a secret is in is a `Secret`. */
  fields: Fields;
  location: SourceLocation;
};

/** Something that a service provisions, with its texts rendered. */
export function resolveProvision(options: { provision: ProvisionManifest } & Renders): ResolvedProvision {
  const { provision, ...renders } = options;
  const { kind, location } = provision;
  return {
    kind,
    name: renders.open('name', provision.name),
    fields: renderData({ fields: provision.fields, ...renders }),
    location,
  };
}
