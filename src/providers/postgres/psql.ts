import { type Fields, secretField, textField } from '../../core/data.ts';
import type { SqlShell } from '../sql.ts';
import type { RoleSpec } from './role/model.ts';

/**
 * A psql in the server's own container. All that it needs to log in is in its environment: neither the host nor the
 * container has the password in a list of processes.
 */
export function psql(given: {
  fields: Fields;
  roles: readonly RoleSpec[];
  login?: string | undefined;
  database: string | undefined;
  port: number;
  words: readonly string[];
}): SqlShell {
  const { fields, roles, database = 'postgres', port, words } = given;
  const administrator = { user: textField(fields, 'user'), password: secretField(fields, 'password') };
  const declared = roles.flatMap(({ name: user, login, password }) =>
    login && password !== undefined ? [{ user, password }] : [],
  );
  const logins = [administrator, ...declared];
  const found = logins.find(({ user }) => user === (given.login ?? administrator.user));
  if (found === undefined) return { kind: 'unknown-role', known: logins.map(({ user }) => user) };
  return {
    kind: 'command',
    command: ['psql', ...words],
    environment: {
      PGHOST: '127.0.0.1',
      PGPORT: String(port),
      PGUSER: found.user,
      PGPASSWORD: found.password.reveal(),
      PGDATABASE: database,
      PGAPPNAME: 'arc sql shell',
      // The image may have no pager, and its root file system may be read-only.
      PSQL_PAGER: '',
      PSQL_HISTORY: '/tmp/.psql_history',
    },
  };
}
