import type { Data } from '../core/data.ts';

/** A readiness or deep check. */
export type ProbeManifest = {
  /** Which schema its fields satisfy: that of `<kind>_probe` in schemas/service.schema.json. */
  kind: string;
  /** Names a port of the container. A probe of kind `container` has none, because it asks the Engine. */
  port?: string;
  /** All others, with the schema's defaults filled in. Texts are Liquid templates. */
  fields: Readonly<Record<string, Data>>;
};

export type CheckManifest = {
  name: string;
  description: string;
  probe: ProbeManifest;
  /** Role of the container that has the port; defaults to the main one. */
  container: string;
  /** Skipped, and said so, while these containers are not part of the stack. */
  needs: readonly string[];
  /** The workspace need not have those roles. */
  when_present: boolean;
  /** Made only while every named setting has this value. */
  when: Readonly<Record<string, string>>;
};
