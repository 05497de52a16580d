import type { Mark } from '../marks.ts';

/** What an entry is about. Views are tables, as in `GRANT`. */
export type GrantTarget = 'database' | 'schema' | 'tables' | 'sequences';

export type GrantEntry = {
  on: GrantTarget;
  /** Absent for the database. */
  schema?: string;
  /** Absent: all that the schema has. */
  names?: readonly string[];
  privileges: readonly string[];
};

export type GrantsSpec = {
  /** Of the entry in the manifest. */
  name: string;
  role: string;
  database: string;
  entries: readonly GrantEntry[];
};

/** An object of a database. `schema` and `name` as far as it has them. */
export type GrantObject = { on: ObjectKind; schema?: string; name?: string };

export type ObjectKind = 'database' | 'schema' | 'table' | 'sequence';

/** One privilege on one object. */
export type Privilege = {
  object: GrantObject;
  /** In small letters: `select`. */
  privilege: string;
  /** Where it is on a column only. */
  column?: string;
  /** The role may pass it on. */
  passesOn?: true;
};

/** What a role may do in a database that exists. */
export type GrantsState = {
  /** Objects that privileges can be on; what the role owns is not among them, because an owner may do everything. */
  objects: readonly GrantObject[];
  held: readonly Privilege[];
  mark: Mark | undefined;
};

const ofTables = ['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger', 'maintain'];

/** What can be granted on what, as of PostgreSQL 18. */
export const privilegesOf: Readonly<Record<GrantTarget, readonly string[]>> = {
  database: ['connect', 'create', 'temporary'],
  schema: ['usage', 'create'],
  tables: ofTables,
  sequences: ['usage', 'select', 'update'],
};
