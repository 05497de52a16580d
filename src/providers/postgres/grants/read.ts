import type pg from 'pg';
import { defined } from '../../../core/defined.ts';
import type { GrantObject, GrantsState, ObjectKind, Privilege } from './model.ts';

type Row = {
  on: ObjectKind;
  schema: string | null;
  name: string | null;
  column: string | null;
  privilege: string | null;
  passes_on: boolean | null;
};

// An object without a list of its own has the one of its kind's default. `acldefault`: r tables, s sequences, n schemas,
// d databases.
const query = `
  WITH role AS (SELECT oid FROM pg_roles WHERE rolname = $1),
  acls AS (
    SELECT 'database' AS "on", NULL AS schema, NULL AS name, NULL AS "column", datdba AS owner,
      coalesce(datacl, acldefault('d', datdba)) AS acl
    FROM pg_database WHERE datname = current_database()
    UNION ALL
    SELECT 'schema', nspname, NULL, NULL, nspowner, coalesce(nspacl, acldefault('n', nspowner))
    FROM pg_namespace WHERE nspname = ANY ($2)
    UNION ALL
    SELECT CASE relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, nspname, relname, NULL, relowner,
      coalesce(relacl, acldefault((CASE relkind WHEN 'S' THEN 's' ELSE 'r' END)::"char", relowner))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE nspname = ANY ($2) AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT 'table', nspname, relname, attname, relowner, attacl
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE nspname = ANY ($2) AND attacl IS NOT NULL AND NOT attisdropped
  )
  SELECT "on", schema::text, name::text, "column"::text, lower(x.privilege_type) AS privilege,
    x.is_grantable AS passes_on
  FROM acls LEFT JOIN LATERAL aclexplode(acl) x ON x.grantee = (SELECT oid FROM role)
  WHERE owner IS DISTINCT FROM (SELECT oid FROM role)
  ORDER BY 1, 2, 3, 4 NULLS FIRST, 5`;

/** What a role may do to the objects of some schemas, and to the database that the client is in. */
export async function readPrivileges(options: {
  client: pg.Client;
  role: string;
  schemas: readonly string[];
}): Promise<Pick<GrantsState, 'objects' | 'held'>> {
  const { client, role, schemas } = options;
  const { rows } = await client.query<Row>(query, [role, schemas]);
  const objects = new Map<string, GrantObject>();
  const held: Privilege[] = [];
  for (const { on, schema, name, column, privilege, passes_on } of rows) {
    const key = JSON.stringify([on, schema, name]);
    const object = objects.get(key) ?? {
      on,
      ...defined({ schema: schema ?? undefined, name: name ?? undefined }),
    };
    objects.set(key, object);
    if (privilege === null) continue;
    held.push({
      object,
      privilege,
      ...defined({ column: column ?? undefined }),
      ...(passes_on === true && ({ passesOn: true } as const)),
    });
  }
  return { objects: [...objects.values()], held };
}
