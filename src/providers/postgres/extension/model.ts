import type { Mark } from '../marks.ts';

/** An extension as a manifest declares it. */
export type ExtensionSpec = {
  /** Of the entry: `vector`. */
  name: string;
  extension: string;
  database: string;
  schema: string;
  /** Absent: any will do. */
  version?: string;
};

/** An extension that exists. */
export type ExtensionState = {
  schema: string;
  version: string;
  mark: Mark | undefined;
  /** Columns of tables with a type of it, where nobody declares it any more. */
  columns?: number;
};
