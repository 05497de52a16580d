import type pg from 'pg';
import { Secret } from '../../../core/secret.ts';
import { readMark } from './mark.ts';
import { type RoleFlags, type RoleState, roleFlags } from './model.ts';

type Row = RoleFlags & {
  name: string;
  connection_limit: number;
  verifier: string | null;
  comment: string | null;
  is_administrator: boolean;
  member_of: string[];
};

const flagColumns = roleFlags.map((flag) => `${columnOf(flag)} AS ${flag}`).join(', ');

/** The column of `pg_authid`: PostgreSQL calls a login `rolcanlogin` and a superuser `rolsuper`. */
function columnOf(flag: keyof RoleFlags): string {
  switch (flag) {
    case 'login':
      return 'rolcanlogin';
    case 'superuser':
      return 'rolsuper';
    case 'inherit':
    case 'createdb':
    case 'createrole':
    case 'replication':
    case 'bypassrls':
      return `rol${flag}`;
    default:
      return flag satisfies never;
  }
}

/** Every role of a server, by name. */
export async function readRoles(client: pg.Client): Promise<ReadonlyMap<string, RoleState>> {
  const { rows } = await client.query<Row>(
    `SELECT rolname AS name, ${flagColumns}, rolconnlimit AS connection_limit, rolpassword AS verifier,
       shobj_description(r.oid, 'pg_authid') AS comment,
       rolname = session_user OR r.oid = 10 AS is_administrator,
       ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_authid g ON g.oid = m.roleid
             WHERE m.member = r.oid GROUP BY g.rolname ORDER BY g.rolname COLLATE "C") AS member_of
     FROM pg_authid r`,
  );
  return new Map(
    rows.map(({ name, connection_limit, verifier, comment, is_administrator, member_of, ...flags }) => [
      name,
      {
        ...flags,
        connectionLimit: connection_limit,
        memberOf: member_of,
        verifier: verifier === null ? undefined : new Secret(verifier),
        isAdministrator: is_administrator,
        mark: readMark(comment),
      },
    ]),
  );
}

/** What a role owns and has privileges on, in all databases. */
export async function readDependents(
  client: pg.Client,
  role: string,
): Promise<{ owned: number; privileges: number }> {
  const { rows } = await client.query<{ owned: number; privileges: number }>(
    `SELECT count(*) FILTER (WHERE deptype = 'o')::int AS owned,
       count(*) FILTER (WHERE deptype = 'a')::int AS privileges
     FROM pg_shdepend d JOIN pg_authid r ON d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid
     WHERE r.rolname = $1`,
    [role],
  );
  return rows[0] ?? { owned: 0, privileges: 0 };
}
