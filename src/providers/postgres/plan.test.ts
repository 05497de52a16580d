import { describe, expect, test } from 'vitest';
import type { Decider } from '../../core/driver.ts';
import { makePlan } from '../../core/plan.ts';
import { printPlan } from '../../core/print-plan.ts';
import { type Address, addressOf, kindOf, nameOf, type Resource, type Seen } from '../../core/resource.ts';
import { Secret } from '../../core/secret.ts';
import type { InsideKind } from '../inside-kind.ts';
import type { ExtensionState } from './extension/model.ts';
import type { GrantsState, Privilege } from './grants/model.ts';
import { postgres } from './provider.ts';
import { appliedOf } from './role/fields.ts';
import type { RoleSpec, RoleState } from './role/model.ts';
import { verifierOf } from './role/scram.ts';

const kinds = new Map((postgres.inside ?? []).map((kind) => [kind.kind, kind]));
const deciders = new Map<string, Decider>([...kinds].map(([kind, { decider }]) => [kind, decider('arc')]));
const location = { file: 'services/sql/service.yaml', line: 1, column: 1 };
const password = new Secret('correct horse');

function declare(kind: string, name: string, fields = {}, files = {}): Resource {
  const of = kinds.get(kind) as InsideKind;
  const content = (text: string) => Buffer.from(text);
  const spec = of.spec({
    name,
    fields,
    location,
    files: Object.entries<string>(files).map(([path, text]) => ({
      path,
      content: content(text),
      sha256: '',
    })),
  });
  return { address: addressOf(kind, name), kind, spec, needs: [] };
}

const defaults = { inherit: true, superuser: false, createdb: false, createrole: false };
const declared = [
  declare('grants', 'agent', {
    database: 'arc',
    grants: [
      { on: 'schema', schema: 'agents', privileges: ['usage'] },
      { on: 'tables', schema: 'agents', privileges: ['select', 'insert'] },
    ],
  }),
  declare('migrations', 'arc', {}, { 'migrations/0001_turns.sql': 'CREATE TABLE turns ();' }),
  declare('role', 'agent', {
    ...defaults,
    ...{ login: true, replication: false, bypassrls: false, connection_limit: -1, member_of: [], password },
  }),
  declare('extension', 'vector', { database: 'arc', schema: 'public' }),
  declare('database', 'arc'),
];

/** As `arc plan` prints it, with the needs that the kinds declare among one another. */
function planText(
  wanted: readonly Resource[],
  states: Readonly<Record<Address, unknown>>,
  unwanted: readonly Address[] = [],
): string {
  const seen = new Map<Address, Seen>(
    Object.entries(states).map(([address, state]) => [address as Address, { state, needs: [] }]),
  );
  const needing = wanted.map((one) => {
    const others = declared.filter(({ address }) => address !== one.address);
    const needs = kinds.get(one.kind)?.needs?.(one.spec, others) ?? [];
    return { ...one, needs: needs.map((on) => ({ on, for: 'make' }) as const) };
  });
  return printPlan(makePlan({ project: 'arc', wanted: needing, seen, unwanted, drivers: deciders }));
}

const wantedOf = <Spec>(address: Address): Spec => {
  const found = declared.find((one) => one.address === address);
  if (found === undefined) throw new Error(`${kindOf(address)} ${nameOf(address)} is not declared`);
  return found.spec as Spec;
};

const { password: _, ...attributes } = wantedOf<RoleSpec>('role/agent');
const verifier = verifierOf(password);
const role: RoleState = {
  ...attributes,
  verifier,
  isAdministrator: false,
  mark: {
    project: 'arc',
    origin: 'made',
    applied: appliedOf({ spec: wantedOf('role/agent'), verifier }),
  },
};

const extension: ExtensionState = {
  schema: 'public',
  version: '0.8.1',
  mark: {
    name: 'vector',
    project: 'arc',
    origin: 'made',
    applied: { extension: 'vector', database: 'arc', schema: 'public' },
  },
};

const schema = { on: 'schema', schema: 'agents' } as const;
const table = { on: 'table', schema: 'agents', name: 'turns' } as const;
const granted: readonly Privilege[] = [
  { object: schema, privilege: 'usage' },
  { object: table, privilege: 'select' },
  { object: table, privilege: 'insert' },
];
const privileges = ['insert on agents.turns', 'select on agents.turns', 'usage on schema agents'];
const grants: GrantsState = {
  objects: [schema, table],
  held: granted,
  mark: { name: 'agent', project: 'arc', origin: 'made', applied: { role: 'agent', privileges } },
};

const migrations = { applied: [{ name: '0001_turns.sql', text: 'CREATE TABLE turns ();' }] };
const all = {
  'database/arc': 'exists',
  'extension/vector': extension,
  'role/agent': role,
  'migrations/arc': migrations,
  'grants/agent': grants,
};

describe('the plan of what is in PostgreSQL', () => {
  test('makes everything in a new server, each after what it needs', () => {
    expect(planText(declared, {})).toBe(
      [
        '+ database arc  (no existing database)',
        '+ role agent  (no existing role)',
        '+ extension vector  (no existing extension)',
        '+ migrations arc  (applies 0001_turns.sql)',
        '+ grants agent  (no existing database)',
      ].join('\n'),
    );
  });

  test('is empty where everything is as declared', () => {
    expect(planText(declared, all)).toBe('nothing to do');
  });

  test('leaves open what a role is granted until pending migrations are applied', () => {
    const state = { ...all, 'migrations/arc': { applied: [] } };
    expect(planText(declared, state)).toBe(
      [
        '~ migrations arc  (applies 0001_turns.sql)',
        '? grants agent  (known once the migrations of arc are applied)',
      ].join('\n'),
    );
  });
});

describe('the plan of an extension', () => {
  const only = declared.filter(({ kind }) => kind === 'extension');

  test('changes what differs, and says what was changed by hand', () => {
    const moved = { ...extension, schema: 'other' };
    expect(planText(only, { 'extension/vector': moved })).toBe(
      '~ extension vector  (schema: other → public, changed by hand)',
    );
    const newer = declare('extension', 'vector', { database: 'arc', schema: 'public', version: '0.8.2' });
    expect(planText([newer], { 'extension/vector': extension })).toBe(
      '~ extension vector  (version: 0.8.1 → 0.8.2)',
    );
  });

  test('takes over one that is there already', () => {
    expect(planText(only, { 'extension/vector': { ...extension, mark: undefined } })).toBe(
      '~ extension vector  (it exists already, and is what the manifest says: arc keeps it from now on)',
    );
  });

  test('drops it only as a loss, with the columns that need it', () => {
    expect(planText([], { 'extension/vector': { ...extension, columns: 2 } }, ['extension/vector'])).toBe(
      '- extension vector  (no manifest declares it any more; loses types and functions, 2 columns of its types)',
    );
  });
});

describe('the plan of a role', () => {
  const only = declared.filter(({ kind }) => kind === 'role');
  const plan = (state: RoleState) => planText(only, { 'role/agent': state });

  test('changes a password whose secret was rotated, and shows no value', () => {
    const before = verifierOf(new Secret('battery staple'));
    const applied = appliedOf({ spec: wantedOf('role/agent'), verifier: before });
    const text = plan({ ...role, verifier: before, mark: { project: 'arc', origin: 'made', applied } });
    expect(text).toBe('~ role agent  (password: another → as declared)');
  });

  test('says that a password or an attribute was changed by hand', () => {
    expect(plan({ ...role, verifier: verifierOf(new Secret('battery staple')), superuser: true })).toBe(
      '~ role agent  (superuser: on → off, changed by hand; password: another → as declared, changed by hand)',
    );
  });

  test('compares what it is a member of as a set', () => {
    expect(plan({ ...role, memberOf: ['pg_monitor'] })).toBe(
      '~ role agent  (member_of: pg_monitor → none, changed by hand)',
    );
  });

  test('refuses the role that arc logs in as, and one of another project', () => {
    expect(() => plan({ ...role, isAdministrator: true })).toThrow('arc logs in as the role agent');
    const mark = { project: 'other', origin: 'made', applied: {} } as const;
    expect(() => plan({ ...role, mark })).toThrow('The role agent belongs to the project other.');
  });

  test('drops it only as a loss, with what it has', () => {
    const state = { ...role, has: { owned: 1, privileges: 3 } };
    expect(planText([], { 'role/agent': state }, ['role/agent'])).toBe(
      '- role agent  (no manifest declares it any more; loses a login, privileges on 3 objects, 1 object that the administrator gets)',
    );
  });
});

describe('the plan of grants', () => {
  const only = declared.filter(({ kind }) => kind === 'grants');
  const plan = (state: GrantsState) => planText(only, { 'grants/agent': state });

  test('grants what is missing and revokes what is too much, on what is declared', () => {
    const held: readonly Privilege[] = [
      ...granted.slice(0, 2),
      { object: table, privilege: 'delete' },
      { object: table, privilege: 'update', column: 'n' },
      { object: { on: 'table', schema: 'other', name: 'turns' }, privilege: 'delete' },
    ];
    expect(plan({ ...grants, held })).toBe(
      '~ grants agent  (grants insert on agents.turns; revokes delete, update (n) on agents.turns; changed by hand)',
    );
  });

  test('does not take a privilege that may be passed on for the declared one', () => {
    const held: readonly Privilege[] = [
      ...granted.slice(0, 2),
      { object: table, privilege: 'insert', passesOn: true },
    ];
    expect(plan({ ...grants, held })).toBe(
      '~ grants agent  (grants insert on agents.turns; revokes insert with grant option on agents.turns; changed by hand)',
    );
  });

  test('says nothing of a hand where the manifest or the tables have changed', () => {
    const notes = { on: 'table', schema: 'agents', name: 'notes' } as const;
    expect(plan({ ...grants, objects: [...grants.objects, notes] })).toBe(
      '~ grants agent  (grants select, insert on agents.notes)',
    );
  });

  test('refuses a name that the database does not have', () => {
    expect(() => plan({ ...grants, objects: [table] })).toThrow('name schema agents, which');
  });

  test('revokes what arc granted once nobody declares it', () => {
    expect(planText([], { 'grants/agent': { ...grants, held: [] } }, ['grants/agent'])).toBe(
      '- grants agent  (no manifest declares it any more)',
    );
  });

  test.each([
    [{ on: 'tables', schema: 'a', privileges: ['connect'] }, 'name connect on tables'],
    [{ on: 'tables', privileges: ['select'] }, 'name no schema for tables'],
    [{ on: 'database', schema: 'a', privileges: ['connect'] }, 'name a schema for the database itself'],
    [{ on: 'schema', schema: 'a', names: ['b'], privileges: ['usage'] }, 'name objects for schema'],
  ])('refuses %j, which the server would refuse later', (entry, message) => {
    expect(() => declare('grants', 'agent', { database: 'arc', grants: [entry] })).toThrow(message);
  });
});

describe('the plan of a vector column', () => {
  const column = declare('column', 'agents.turns.embedding', { database: 'arc', dimensions: '384' });
  const plan = (state: { dimensions: number; stored: number }) =>
    planText([column], { 'column/agents.turns.embedding': state });

  test('changes its size while no row has a vector', () => {
    expect(plan({ dimensions: 384, stored: 7 })).toBe('nothing to do');
    expect(plan({ dimensions: 1536, stored: 0 })).toBe(
      '~ column agents.turns.embedding  (dimensions: 1536 → 384, and no row has a vector)',
    );
  });

  test('refuses another size where rows have vectors, with the way out', () => {
    expect(() => plan({ dimensions: 1536, stored: 7 })).toThrow(
      'agents.turns.embedding of the database arc holds vectors of 1536 numbers, and 384 are declared; 7 rows have one.',
    );
  });

  test('is open until pending migrations are applied, and refused if none of them makes it', () => {
    const migrations = declared.filter(({ kind }) => kind === 'migrations');
    expect(planText([column, ...migrations], {})).toBe(
      [
        '+ migrations arc  (applies 0001_turns.sql)',
        '? column agents.turns.embedding  (known once the migrations of arc are applied)',
      ].join('\n'),
    );
    expect(() => planText([column], {})).toThrow('has no vector column agents.turns.embedding');
  });

  test.each(['0', 'many', '2001'])('refuses %s numbers', (dimensions) => {
    expect(() => declare('column', 'a.b.c', { database: 'arc', dimensions })).toThrow('cannot have');
  });
});

test('the plan of migrations says what they lose', () => {
  const text = 'CREATE TABLE b ();\nDROP TABLE a;\n';
  expect(planText([declare('migrations', 'arc', {}, { 'migrations/0002_b.sql': text })], {})).toBe(
    '+ migrations arc  (applies 0002_b.sql; loses what `DROP TABLE a` removes (0002_b.sql:2))',
  );
});
