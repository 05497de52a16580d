import type { Held } from '../losses.ts';

/** The schema of a topic: an Avro record, which is what Pulsar has for JSON. */
export type SchemaSpec = {
  /** Of the topic. */
  name: string;
  definition: unknown;
};

export type SchemaState = {
  /** The newest one; undefined if the topic has none. */
  definition?: unknown;
  /** Where it differs: what the broker says against the wanted one. */
  incompatible?: string;
  /** Hash of what arc had uploaded. */
  applied?: string;
  /** What the topic holds. Only read where nobody declares the schema any more, and it is as arc uploaded it. */
  held?: Held;
};
