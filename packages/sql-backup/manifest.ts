import { type Fields, list, mapping, number, optionalText, text } from './fields.ts';

/** What a backup holds. It is written last: a backup without a manifest is not one. */
export type Manifest = {
  /** Of this file's shape. */
  format: 1;
  name: string;
  /** ISO 8601. */
  startedAt: string;
  finishedAt: string;
  /** Of the server: `18.4`. */
  version: string;
  globals: StoredPart;
  databases: readonly DatabaseManifest[];
};

/** An object in the storage. */
export type StoredPart = { key: string; bytes: number; sha256: string };

export type DatabaseManifest = {
  name: string;
  dump: StoredPart;
  creation: Creation;
  contents: Contents;
};

/** What a dump does not say, and `CREATE DATABASE` needs. */
export type Creation = {
  owner: string;
  encoding: string;
  /** `b` built-in, `c` libc, `i` ICU. */
  localeProvider: 'b' | 'c' | 'i';
  collate: string;
  ctype: string;
  /** Of the provider, where it is not libc. */
  locale?: string;
  /** `name=value`, as `ALTER DATABASE … SET` left them. */
  settings: readonly string[];
  grants: readonly DatabaseGrant[];
};

/** An empty grantee is everybody. */
export type DatabaseGrant = { grantee: string; privilege: string; grantable: boolean };

/** What is compared: it was read in the snapshot that was dumped. */
export type Contents = {
  tables: Readonly<Record<string, TableContents>>;
  /** Versions by name. */
  extensions: Readonly<Record<string, string>>;
};

/** `hash` does not depend on the order of rows. */
export type TableContents = { rows: number; hash: string };

/** How many rows a database has. */
export function rowsOf({ tables }: Contents): number {
  return Object.values(tables).reduce((sum, { rows }) => sum + rows, 0);
}

/** @throws Error that names the field that is not as it has to be */
export function parseManifest(content: string): Manifest {
  const fields = mapping(JSON.parse(content), 'manifest');
  if (fields.format !== 1) throw new Error('manifest: format is not 1; a newer program wrote it');
  return {
    format: 1,
    name: text(fields, 'name'),
    startedAt: text(fields, 'startedAt'),
    finishedAt: text(fields, 'finishedAt'),
    version: text(fields, 'version'),
    globals: parsePart(mapping(fields.globals, 'globals')),
    databases: list(fields, 'databases').map((one) => parseDatabase(mapping(one, 'databases'))),
  };
}

function parseDatabase(fields: Fields): DatabaseManifest {
  return {
    name: text(fields, 'name'),
    dump: parsePart(mapping(fields.dump, 'dump')),
    creation: parseCreation(mapping(fields.creation, 'creation')),
    contents: parseContents(mapping(fields.contents, 'contents')),
  };
}

function parsePart(fields: Fields): StoredPart {
  return { key: text(fields, 'key'), bytes: number(fields, 'bytes'), sha256: text(fields, 'sha256') };
}

function parseCreation(fields: Fields): Creation {
  const locale = optionalText(fields, 'locale');
  const provider = text(fields, 'localeProvider');
  if (provider !== 'b' && provider !== 'c' && provider !== 'i')
    throw new Error('localeProvider is none of b, c and i');
  return {
    owner: text(fields, 'owner'),
    encoding: text(fields, 'encoding'),
    localeProvider: provider,
    collate: text(fields, 'collate'),
    ctype: text(fields, 'ctype'),
    ...(locale === undefined ? {} : { locale }),
    settings: list(fields, 'settings').map(String),
    grants: list(fields, 'grants').map((one) => {
      const grant = mapping(one, 'grants');
      return {
        grantee: optionalText(grant, 'grantee') ?? '',
        privilege: text(grant, 'privilege'),
        grantable: grant.grantable === true,
      };
    }),
  };
}

function parseContents(fields: Fields): Contents {
  const tables = Object.entries(mapping(fields.tables, 'tables')).map(([name, one]) => {
    const table = mapping(one, name);
    return [name, { rows: number(table, 'rows'), hash: text(table, 'hash') }] as const;
  });
  const extensions = mapping(fields.extensions, 'extensions');
  return {
    tables: Object.fromEntries(tables),
    extensions: Object.fromEntries(Object.keys(extensions).map((name) => [name, text(extensions, name)])),
  };
}
