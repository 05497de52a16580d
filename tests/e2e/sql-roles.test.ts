import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';

// One server from before it exists to after it is stopped, in this order.
const manifest = 'services/sql/service.yaml';
const voiceAgent = 'voice_agent';
const devPassword = 'arc-dev-sql-voice-agent-password';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  await stage.succeed(['images', 'build', 'sql', '--bases', 'local']);
}, 180_000);
afterAll(() => stage?.close());

const up = (...more: string[]) => stage.succeed(['up', 'sql', '--bases', 'local', ...more]);
const plan = async (...more: string[]) =>
  (await stage.succeed(['plan', 'sql', '--bases', 'local', ...more])).stdout.split('\n');

/** Runs a statement as a role that logs in over the network. */
async function asRole(
  role: { user: string; password: string; database?: string },
  statement: string,
): Promise<unknown[]> {
  const client = new pg.Client({ host: '127.0.0.1', port: 5432, database: 'arc', ...role });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

const administrator = { user: 'postgres', password: 'arc-dev-sql-password' };
const asAdministrator = (statement: string) => asRole(administrator, statement);
const agent = { user: voiceAgent, password: devPassword };

type Found = { drift: { on: string; what: string; before: string; now: string }[] };
const drift = async () => {
  const { exitCode, stdout } = await stage.arc(['drift', 'sql', '--json']);
  return { exitCode, drift: resultOf<Found>(stdout).drift };
};

describe('what is declared inside of PostgreSQL', () => {
  it('is planned before the server exists, each after what it needs', async () => {
    const inside = /^\+ (?:database|extension|role|migrations|grants) /;
    expect((await plan()).filter((line) => inside.test(line))).toEqual([
      '+ database arc  (no existing database)',
      '+ extension vector  (no existing extension)',
      '+ role voice_agent  (no existing role)',
      '+ role metrics  (no existing role)',
      '+ role contract_keys  (no existing role)',
      '+ migrations arc  (applies 0001_conversations.sql, 0002_user_keys.sql, 0003_sessions.sql)',
      '+ grants voice_agent  (no existing database)',
      '+ grants contract_keys  (no existing database)',
    ]);
  });

  it('is made with the boot, and then nothing is left to do', async () => {
    await up();
    expect(await plan()).toEqual(['nothing to do']);
    expect((await drift()).drift).toEqual([]);
  });
});

describe('the role of the voice agent', () => {
  it('adds turns and reads them, and may do nothing else', async () => {
    await asRole(agent, "INSERT INTO agents.conversations (id, user_id) VALUES (gen_random_uuid(), 'u')");
    expect(await asRole(agent, 'SELECT user_id FROM agents.conversations')).toEqual([{ user_id: 'u' }]);
    for (const statement of [
      'DELETE FROM agents.conversations',
      'CREATE TABLE agents.own (n int)',
      'SELECT * FROM arc.migrations',
      'CREATE ROLE other',
      'ALTER TABLE agents.conversations DROP COLUMN embedding',
    ])
      await expect(asRole(agent, statement), statement).rejects.toThrow(/permission denied|must be owner/);
  });

  it('has another password after `arc secrets rotate` and `arc up`, which show neither', async () => {
    await stage.succeed(['secrets', 'rotate', 'sql_voice_agent_password', '--yes']);
    expect(await plan()).toEqual(['~ role voice_agent  (password: another → as declared)']);
    await up();
    const [, password = ''] =
      /^SQL_VOICE_AGENT_PASSWORD=(.*)$/m.exec(stage.workspace.read('.arc/secrets.env')) ?? [];
    expect(password).toHaveLength(40);
    expect(await asRole({ ...agent, password }, 'SELECT current_user AS who')).toEqual([{ who: voiceAgent }]);
    await expect(asRole(agent, 'SELECT 1')).rejects.toThrow('password authentication failed');
    const { output } = await stage.succeed(['logs', 'sql']);
    expect(output).not.toContain(password);
    agent.password = password;
  });

  it('is drift where somebody has changed it by hand, and `arc up` sets it right', async () => {
    await asAdministrator(`ALTER ROLE ${voiceAgent} SUPERUSER PASSWORD 'somebody-elses'`);
    await asAdministrator(`GRANT pg_read_all_data TO ${voiceAgent}`);
    expect(await drift()).toMatchObject({
      exitCode: 3,
      drift: [
        { on: 'role/voice_agent', what: 'superuser', before: 'off', now: 'on' },
        { on: 'role/voice_agent', what: 'member_of', before: 'none', now: 'pg_read_all_data' },
        { on: 'role/voice_agent', what: 'password', before: 'as declared', now: 'another' },
      ],
    });
    await up();
    expect((await drift()).drift).toEqual([]);
    expect(await asRole(agent, 'SHOW is_superuser')).toEqual([{ is_superuser: 'off' }]);
  });
});

describe('what a role may do', () => {
  it('is compared as a set: what is too much is revoked, what was revoked is granted again', async () => {
    await asAdministrator(`GRANT DELETE ON agents.conversations TO ${voiceAgent}`);
    await asAdministrator(`GRANT UPDATE (agent_response) ON agents.conversations TO ${voiceAgent}`);
    await asAdministrator(`REVOKE INSERT ON agents.conversations FROM ${voiceAgent}`);
    expect((await drift()).drift).toMatchObject([
      { on: 'grants/voice_agent', what: 'insert on agents.conversations', before: 'granted', now: 'revoked' },
      { on: 'grants/voice_agent', what: 'delete on agents.conversations', before: 'revoked', now: 'granted' },
      {
        on: 'grants/voice_agent',
        what: 'update (agent_response) on agents.conversations',
        before: 'revoked',
        now: 'granted',
      },
    ]);
    expect(await plan()).toEqual([
      '~ grants voice_agent  (grants insert on agents.conversations; revokes delete, update (agent_response) on agents.conversations; changed by hand)',
    ]);
    await up();
    expect((await drift()).drift).toEqual([]);
    await expect(asRole(agent, 'DELETE FROM agents.conversations')).rejects.toThrow('permission denied');
  });

  it('stays as it is on what no manifest names, and for other roles', async () => {
    await asAdministrator('CREATE TABLE public.other (n int)');
    await asAdministrator(`GRANT SELECT ON public.other TO ${voiceAgent}`);
    await asAdministrator('CREATE ROLE guest');
    await asAdministrator('GRANT DELETE ON agents.conversations TO guest');
    expect(await plan()).toEqual(['nothing to do']);
    await asAdministrator('REVOKE ALL ON agents.conversations FROM guest; DROP ROLE guest');
  });

  it('reaches a table that a new migration creates, in the same boot', async () => {
    stage.workspace.write('services/sql/migrations/0004_notes.sql', 'CREATE TABLE agents.notes (n int);\n');
    await up();
    expect(await asRole(agent, 'SELECT * FROM agents.notes')).toEqual([]);
    expect(await plan()).toEqual(['nothing to do']);
  });

  it('is refused where a table that is named does not exist', async () => {
    const before = stage.workspace.read(manifest);
    stage.workspace.edit(
      manifest,
      '{ on: tables, schema: agents, privileges: [select, insert] }',
      '{ on: tables, schema: agents, names: [nothing], privileges: [select] }',
    );
    const { exitCode, stderr } = await stage.arc(['plan', 'sql', '--bases', 'local']);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('error[no-such-object]');
    expect(stderr).toContain('agents.nothing');
    stage.workspace.write(manifest, before);
  });
});

describe('the administrator', () => {
  it('has another password after `arc secrets rotate` and `arc up`, and the data stays', async () => {
    await stage.succeed(['secrets', 'rotate', 'sql_password', '--yes']);
    await up('--yes');
    const [, password = ''] = /^SQL_PASSWORD=(.*)$/m.exec(stage.workspace.read('.arc/secrets.env')) ?? [];
    expect(password).toHaveLength(40);
    await expect(asAdministrator('SELECT 1')).rejects.toThrow('password authentication failed');
    const { output } = await stage.succeed(['logs', 'sql']);
    expect(output).not.toContain(password);
    administrator.password = password;
    expect(await asAdministrator('SELECT count(*)::int AS turns FROM agents.conversations')).toEqual([
      { turns: 1 },
    ]);
    expect(await plan()).toEqual(['nothing to do']);
  });
});

describe('what no manifest declares any more', () => {
  it('stays with a warning that says what would be lost, until its loss is agreed to by name', async () => {
    const before = stage.workspace.read(manifest);
    stage.workspace.edit(
      manifest,
      'provision:\n',
      `provision:
  - { kind: postgres.database, name: reports }
  - { kind: postgres.extension, name: reports-vector, extension: vector, database: reports }
  - { kind: postgres.role, name: reporter }
`,
    );
    await up();
    const inReports = { ...administrator, database: 'reports' };
    await asRole(inReports, 'CREATE TABLE labels (name text, own vector(3))');
    await asRole(inReports, "INSERT INTO labels VALUES ('kept', '[1,2,3]')");
    await asRole(inReports, 'ALTER TABLE labels OWNER TO reporter');
    stage.workspace.write(manifest, before);
    const { stderr } = await up('--yes');
    expect(stderr).toContain(
      'No manifest declares the extension reports-vector any more, but it has types and functions, 1 column of its types',
    );
    expect(stderr).toContain(
      'No manifest declares the role reporter any more, but it has a login, 1 object that the administrator gets',
    );
    expect(await asRole(inReports, 'SELECT own::text FROM labels')).toEqual([{ own: '[1,2,3]' }]);

    const lose = ['--lose', 'extension/reports-vector', '--lose', 'role/reporter'];
    expect((await plan(...lose)).toSorted()).toEqual([
      '- extension reports-vector  (no manifest declares it any more; loses types and functions, 1 column of its types)',
      '- role reporter  (no manifest declares it any more; loses a login, 1 object that the administrator gets)',
    ]);
    await up(...lose, '--yes');
    expect(await plan()).toEqual(['nothing to do']);
    expect(await asRole(inReports, 'SELECT * FROM labels')).toEqual([{ name: 'kept' }]);
    expect(await asAdministrator("SELECT 1 FROM pg_roles WHERE rolname = 'reporter'")).toEqual([]);
  });
});
