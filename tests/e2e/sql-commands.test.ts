import { rmSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';

// One server, in this order.
let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  await stage.succeed(['up', 'sql', '--bases', 'local', '--yes']);
}, 180_000);
afterAll(() => stage?.close());

const own = ['0001_conversations.sql applied', '0002_user_keys.sql applied', '0003_sessions.sql applied'];
const draft = 'services/sql/migrations/0004_add_summaries.sql';
const shell = async (...args: string[]) => (await stage.succeed(['sql', 'shell', ...args])).stdout.trim();
const query = (statement: string, ...args: string[]) =>
  shell(...args, '--', '--no-psqlrc', '--tuples-only', '--no-align', '-c', statement);

type Status = {
  databases: { database: string; migrations: { name: string; state: string; at?: string }[] }[];
};
const migrations = async () => {
  const { stdout } = await stage.succeed(['sql', 'status', '--json']);
  const [first] = resultOf<Status>(stdout).databases;
  return first?.migrations.map(({ name, state }) => `${name} ${state}`);
};

describe('arc sql status', () => {
  it('lists what is applied, and when', async () => {
    const { stdout } = await stage.succeed(['sql', 'status']);
    expect(stdout).toMatch(/^arc +0001_conversations\.sql +applied +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/m);
  });
});

describe('arc sql new', () => {
  it('writes the next migration, which is refused until it has a statement', async () => {
    const { stdout } = await stage.succeed(['sql', 'new', 'Add summaries']);
    expect(stdout).toContain(`Wrote ${draft}.`);
    expect(stage.workspace.read(draft)).toBe('-- Add summaries: say why.\n');
    const { exitCode, stderr } = await stage.arc(['plan', 'sql', '--bases', 'local']);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(`error[bad-migration] ${draft}:1:1`);
  });

  it('refuses a title that no file can have, and a database without migrations', async () => {
    const title = await stage.arc(['sql', 'new', '../escape']);
    expect([title.exitCode, title.stderr]).toEqual([2, expect.stringContaining('error[bad-title]')]);
    const other = await stage.arc(['sql', 'new', 'a', '--database', 'nothing']);
    expect([other.exitCode, other.stderr]).toEqual([2, expect.stringContaining('error[no-migrations]')]);
  });
});

describe('arc sql migrate', () => {
  it('applies what is pending, with the grants that follow, and starts no container', async () => {
    stage.workspace.write(draft, 'CREATE TABLE agents.summaries (n int);\n');
    expect(await migrations()).toEqual([...own, '0004_add_summaries.sql pending']);
    const { stdout } = await stage.succeed(['sql', 'migrate']);
    expect(stdout).toContain('~ migrations arc  (applies 0004_add_summaries.sql)');
    expect(stdout).toContain('Every migration of arc is applied.');
    expect(await migrations()).toEqual([...own, '0004_add_summaries.sql applied']);
    expect(await query('SELECT count(*) FROM agents.summaries', '--role', 'voice_agent')).toBe('0');
    const again = await stage.succeed(['sql', 'migrate', '--json']);
    expect(resultOf(again.stdout)).toMatchObject({ databases: ['arc'], changed: false, steps: [] });
  });

  it('shows a file that was edited as changed, and one that is gone as missing', async () => {
    stage.workspace.edit(draft, 'n int', 'n bigint');
    expect(await migrations()).toContain('0004_add_summaries.sql changed');
    stage.workspace.edit(draft, 'n bigint', 'n int');
    stage.workspace.write('services/sql/migrations/0004_b.sql', 'SELECT 1;\n');
    await stage.succeed(['sql', 'migrate']);
    rmSync(stage.workspace.path('services/sql/migrations/0004_b.sql'));
    expect(await migrations()).toContain('0004_b.sql missing');
  });
});

describe('arc sql shell', () => {
  it('runs psql as the administrator or as a role that is declared, and ends with its status', async () => {
    expect(await query('SELECT current_user, current_database()')).toBe('postgres|arc');
    expect(await query('SELECT session_user', '--role', 'voice_agent', '--database', 'arc')).toBe(
      'voice_agent',
    );
    const { exitCode, stderr } = await stage.arc(['sql', 'shell', '--', '-c', 'SELECT nothing']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('column "nothing" does not exist');
  });

  it('has the password in no list of processes', async () => {
    const client = new pg.Client({
      ...{ host: '127.0.0.1', port: 5432, user: 'postgres', password: 'arc-dev-sql-password' },
      database: 'arc',
    });
    await client.connect();
    await client.query('SELECT pg_advisory_lock(1)');
    const waiting = stage.start([
      'sql',
      'shell',
      '--role',
      'voice_agent',
      '--',
      '-c',
      'SELECT pg_advisory_lock(1)',
    ]);
    try {
      await expect
        .poll(
          async () => {
            const { rows } = await client.query(
              "SELECT usename FROM pg_stat_activity WHERE application_name = 'arc sql shell'",
            );
            return rows;
          },
          { timeout: 15_000 },
        )
        .toEqual([{ usename: 'voice_agent' }]);
      const container = stage.engine.docker.getContainer('arc-sql');
      const { Processes } = (await container.top({ ps_args: '-ef' })) as { Processes: string[][] };
      const listed = Processes.map((words) => words.join(' ')).join('\n');
      expect(listed).toContain('psql -c SELECT pg_advisory_lock(1)');
      expect(listed).not.toContain('arc-dev-sql-voice-agent-password');
      await client.query('SELECT pg_advisory_unlock(1)');
      expect((await waiting).exitCode).toBe(0);
    } finally {
      await client.end();
    }
  });

  it('names the roles that it knows where another one is asked for', async () => {
    const { exitCode, stderr } = await stage.arc(['sql', 'shell', '--role', 'voice-agent']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error[unknown-role]');
    expect(stderr).toContain('voice_agent');
  });
});

describe('what needs a server', () => {
  it('says which `arc up` it takes, while that is stopped', async () => {
    await stage.succeed(['down', 'sql', '--yes']);
    for (const words of [['status'], ['migrate'], ['shell']]) {
      const { exitCode, stderr } = await stage.arc(['sql', ...words]);
      expect(exitCode, stderr).toBe(1);
      expect(stderr).toContain('error[not-running]');
      expect(stderr).toContain('arc up sql');
    }
  });
});
