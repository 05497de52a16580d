import { expect, test } from 'vitest';
import { Secret } from '../../core/secret.ts';
import { psql } from './psql.ts';
import type { RoleSpec } from './role/model.ts';

const none = { inherit: true, superuser: false, createdb: false, createrole: false };
const role = (name: string, more: Partial<RoleSpec>): RoleSpec => ({
  ...none,
  ...{ name, login: true, replication: false, bypassrls: false, connectionLimit: -1, memberOf: [] },
  ...more,
});
const given = {
  fields: { user: 'postgres', password: new Secret('of the administrator') },
  roles: [
    role('agent', { password: new Secret('of the agent') }),
    role('group', { login: false, password: new Secret('none') }),
    role('bare', {}),
  ],
  database: 'arc',
  port: 5432,
  words: ['-c', 'SELECT 1'],
};

test('psql logs in as the administrator, or as a role that has a password, and never by its arguments', () => {
  expect(psql(given)).toMatchObject({
    command: ['psql', '-c', 'SELECT 1'],
    environment: {
      PGUSER: 'postgres',
      PGPASSWORD: 'of the administrator',
      PGDATABASE: 'arc',
      PGPORT: '5432',
    },
  });
  expect(psql({ ...given, login: 'agent' })).toMatchObject({
    environment: { PGUSER: 'agent', PGPASSWORD: 'of the agent' },
  });
});

test.each(['group', 'bare', 'nobody'])('psql cannot log in as %s', (login) => {
  expect(psql({ ...given, login })).toEqual({ kind: 'unknown-role', known: ['postgres', 'agent'] });
});
