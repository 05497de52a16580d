import pg from 'pg';
import type { ExtensionWork } from './decide.ts';
import type { ExtensionSpec, ExtensionState } from './model.ts';

const quoted = pg.escapeIdentifier;

/** The extensions of a database. */
export async function readExtensions(
  client: pg.Client,
): Promise<ReadonlyMap<string, Pick<ExtensionState, 'schema' | 'version'>>> {
  const { rows } = await client.query<{ extension: string; schema: string; version: string }>(
    'SELECT extname AS extension, nspname AS schema, extversion AS version FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace',
  );
  return new Map(rows.map(({ extension, ...state }) => [extension, state]));
}

/** How many columns of tables have a type of an extension. */
export async function countColumns(client: pg.Client, extension: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::int AS count
     FROM pg_attribute a
     JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'm', 'f')
     JOIN pg_type t ON t.oid = a.atttypid
     JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.deptype = 'e'
       AND d.objid IN (t.oid, nullif(t.typelem, 0))
     JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
     WHERE e.extname = $1 AND NOT a.attisdropped AND c.oid IS DISTINCT FROM to_regclass('arc.health')`,
    [extension],
  );
  return rows[0]?.count ?? 0;
}

/** Creates an extension. */
export async function createExtension(client: pg.Client, spec: ExtensionSpec): Promise<void> {
  const { extension, schema, version } = spec;
  const exact = version === undefined ? '' : ` VERSION ${pg.escapeLiteral(version)}`;
  await client.query(
    `CREATE EXTENSION IF NOT EXISTS ${quoted(extension)} WITH SCHEMA ${quoted(schema)}${exact}`,
  );
}

/** Sets what differs. */
export async function alterExtension(options: {
  client: pg.Client;
  spec: ExtensionSpec;
  fields: ExtensionWork['fields'];
}): Promise<void> {
  const { client, spec, fields } = options;
  const { extension, schema, version } = spec;
  if (fields.includes('schema'))
    await client.query(`ALTER EXTENSION ${quoted(extension)} SET SCHEMA ${quoted(schema)}`);
  if (fields.includes('version') && version !== undefined)
    await client.query(`ALTER EXTENSION ${quoted(extension)} UPDATE TO ${pg.escapeLiteral(version)}`);
}

/** Drops an extension with all that depends on it: a person has named it as a loss. */
export async function dropExtension(client: pg.Client, extension: string): Promise<void> {
  await client.query(`DROP EXTENSION IF EXISTS ${quoted(extension)} CASCADE`);
}
