import pg from 'pg';
import type { Secret } from '../../../core/secret.ts';
import { type DatabaseServer, withDatabase } from '../client.ts';
import { existingDatabases } from '../existing-databases.ts';
import { inTransaction } from '../transaction.ts';
import { markText } from './mark.ts';
import { type RoleMark, type RoleSpec, type RoleState, roleFlags } from './model.ts';

const quoted = pg.escapeIdentifier;

/** Words of `CREATE ROLE` that are not the field's name with a `NO` before it. */
function option(spec: RoleSpec, flag: (typeof roleFlags)[number]): string {
  return `${spec[flag] ? '' : 'NO'}${flag.toUpperCase()}`;
}

/**
 * Makes a role what its manifest says, in one transaction.
 *
 * @param options.verifier what the server is to keep of the password, absent if that stays
 */
export async function writeRole(options: {
  client: pg.Client;
  spec: RoleSpec;
  state: RoleState | undefined;
  verifier: Secret | undefined;
  mark: RoleMark;
}): Promise<void> {
  const { client, spec, state, verifier, mark } = options;
  const name = quoted(spec.name);
  const attributes = [
    ...roleFlags.map((flag) => option(spec, flag)),
    `CONNECTION LIMIT ${spec.connectionLimit}`,
    // The text of a password would be in the server's statistics, and in its log where that has statements.
    ...(verifier === undefined ? [] : [`PASSWORD ${pg.escapeLiteral(verifier.reveal())}`]),
  ].join(' ');
  await inTransaction(client, async () => {
    await client.query(`${state === undefined ? 'CREATE' : 'ALTER'} ROLE ${name} ${attributes}`);
    const before = state?.memberOf ?? [];
    for (const group of spec.memberOf.filter((one) => !before.includes(one)))
      await client.query(`GRANT ${quoted(group)} TO ${name}`);
    for (const group of before.filter((one) => !spec.memberOf.includes(one)))
      await client.query(`REVOKE ${quoted(group)} FROM ${name}`);
    await client.query(`COMMENT ON ROLE ${name} IS ${pg.escapeLiteral(markText(mark))}`);
  });
}

/** Drops a role that a person has named as a loss. What it owns becomes the administrator's: no row is lost. */
export async function dropRole(options: {
  server: DatabaseServer;
  role: string;
  signal: AbortSignal;
}): Promise<void> {
  const { server, role, signal } = options;
  const name = quoted(role);
  for (const database of await existingDatabases({ server, signal }))
    await withDatabase({ server, database, signal }, async (client) => {
      await client.query(`REASSIGN OWNED BY ${name} TO CURRENT_USER`);
      // It owns nothing now, so this takes its privileges only.
      await client.query(`DROP OWNED BY ${name}`);
    });
  await withDatabase({ server, database: 'postgres', signal }, (client) => client.query(`DROP ROLE ${name}`));
}
