import pg from 'pg';
import type { GrantsDifference } from './compare.ts';
import type { GrantObject, Privilege } from './model.ts';

const quoted = pg.escapeIdentifier;

/** Revokes what is too much, then grants what is missing, in the transaction that is open. */
export async function writeDifference(options: {
  client: pg.Client;
  role: string;
  difference: GrantsDifference;
}): Promise<void> {
  const { client, role, difference } = options;
  const database = client.database ?? '';
  for (const one of difference.extra)
    await client.query(
      `REVOKE ${wordsOf(one)} ON ${targetOf(one.object, database)} FROM ${quoted(role)} CASCADE`,
    );
  for (const one of difference.missing)
    await client.query(`GRANT ${wordsOf(one)} ON ${targetOf(one.object, database)} TO ${quoted(role)}`);
}

/** `SELECT`, `UPDATE ("embedding")` */
function wordsOf({ privilege, column }: Privilege): string {
  return `${privilege.toUpperCase()}${column === undefined ? '' : ` (${quoted(column)})`}`;
}

function targetOf({ on, schema = '', name = '' }: GrantObject, database: string): string {
  switch (on) {
    case 'database':
      return `DATABASE ${quoted(database)}`;
    case 'schema':
      return `SCHEMA ${quoted(schema)}`;
    case 'table':
      return `TABLE ${quoted(schema)}.${quoted(name)}`;
    case 'sequence':
      return `SEQUENCE ${quoted(schema)}.${quoted(name)}`;
    default:
      return on satisfies never;
  }
}
