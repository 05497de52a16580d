import type { Data } from '../core/data.ts';
import type { SourceLocation } from '../core/errors.ts';

/**
 * Something that arc creates inside a service's server: a bucket, a stream, a migration. The schema of its kind in
 * schemas/provision/ has checked it, so a provider can rely on that schema.
 */
export type ProvisionManifest = {
  /** Name of the schema: `s3.bucket`. The part before the dot names the provider. */
  kind: string;
  /** Unique in the service among those of its kind. */
  name: string;
  /**
   * Every field but `kind`, `name` and the one that names files, with the schema's defaults filled in. Sizes are bytes and durations seconds
   * (`x-unit` in the schema); texts are templates still.
   */
  fields: Readonly<Record<string, Data>>;
  /** The files that it names, relative to the workspace: those of the field with `x-files` in the schema. */
  files: readonly string[];
  location: SourceLocation;
};
