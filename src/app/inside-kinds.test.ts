import { expect, test } from 'vitest';
import { testContainer } from '../../tests/fixtures/stacks.ts';
import { noContracts } from '../contracts/model.ts';
import { Secret } from '../core/secret.ts';
import type { ResolvedProvision } from '../stack/provision.ts';
import { insideResources } from './inside-kinds.ts';

const at = { file: 'services/sql/service.yaml', line: 7, column: 5 };

function declare(kind: string, name: string, fields: ResolvedProvision['fields'] = {}): ResolvedProvision {
  return { kind, name, fields, files: [], location: at };
}

function resourcesOf(...provision: readonly ResolvedProvision[]) {
  const sql = testContainer({ role: 'sql', provision });
  const probe = {
    kind: 'postgres',
    at: { role: 'sql', port: 'sql' },
    fields: { user: 'postgres', password: new Secret('of the test') },
  } as const;
  if (sql.health.kind !== 'probe') throw new Error('it has a probe');
  return insideResources({
    containers: [{ ...sql, health: { ...sql.health, probe } }],
    contracts: noContracts,
    settings: {},
    roles: new Set(['sql']),
  });
}

const grants = declare('postgres.grants', 'agent', {
  database: 'arc',
  grants: [{ on: 'database', privileges: ['connect'] }],
});
const role = declare('postgres.role', 'agent', {
  ...{ login: true, inherit: true, superuser: false, createdb: false, createrole: false },
  ...{ replication: false, bypassrls: false, connection_limit: -1, member_of: [] },
});
const database = declare('postgres.database', 'arc');

test('each thing inside a server waits for those that it needs, in whatever order they are declared', () => {
  const migrations = declare('postgres.migrations', 'arc');
  const extension = declare('postgres.extension', 'vector', { database: 'arc', schema: 'public' });
  const resources = resourcesOf(grants, migrations, extension, role, database);
  expect(
    Object.fromEntries(
      resources.map(({ address, needs }) => [address, needs.map(({ on }) => on).toSorted()]),
    ),
  ).toEqual({
    'database/arc': [],
    'role/agent': [],
    'extension/vector': ['database/arc'],
    'migrations/arc': ['database/arc', 'extension/vector', 'role/agent'],
    'grants/agent': ['database/arc', 'migrations/arc', 'role/agent'],
  });
});

test('what needs something that nobody declares is refused at its place, with what to declare', () => {
  expect(() => resourcesOf(grants, database)).toThrow(
    expect.objectContaining({
      problems: [
        expect.objectContaining({
          code: 'provision-needs',
          suggestion: 'declare `{ kind: postgres.role, name: agent }` under `provision`',
          location: at,
        }),
      ],
    }),
  );
});
