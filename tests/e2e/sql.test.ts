import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  await stage.succeed(['up', 'sql', '--bases', 'local', '--yes']);
}, 180_000);
afterAll(() => stage?.close());

async function psql(statement: string, database = 'postgres'): Promise<string> {
  const call = [
    'psql',
    '--no-psqlrc',
    '--tuples-only',
    '--no-align',
    '-U',
    'postgres',
    '-h',
    '/run/postgresql',
    '-d',
    database,
  ];
  return (await stage.succeed(['exec', 'sql', ...call, '-c', statement])).stdout.trim();
}

describe('the SQL database', () => {
  it('is PostgreSQL 18, whose locale depends on no library of its image', async () => {
    expect(await psql('SHOW server_version')).toMatch(/^18\./);
    expect(
      await psql("SELECT datlocprovider, datlocale, datcollate FROM pg_database WHERE datname = 'template1'"),
    ).toBe('b|C.UTF-8|C');
    expect(await psql('SHOW data_checksums')).toBe('on');
  });

  it('has vectors', async () => {
    expect(await psql("SELECT '[1,0]'::vector <=> '[0,1]'::vector", 'arc')).toBe('1');
  });

  it('asks for a password over the network', async () => {
    const { exitCode, stderr } = await stage.arc([
      'exec',
      'sql',
      'psql',
      '--no-password',
      '-U',
      'postgres',
      '-h',
      '127.0.0.1',
      '-c',
      'SELECT 1',
    ]);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('no password supplied');
  });

  it('is there again after a restart, with its data', async () => {
    await psql('CREATE TABLE kept (word text)');
    await psql("INSERT INTO kept VALUES ('before')");
    await stage.succeed(['restart', 'sql', '--yes']);
    expect(await psql('SELECT word FROM kept')).toBe('before');
    await stage.succeed(['down', 'sql']);
    await stage.succeed(['up', 'sql', '--bases', 'local', '--yes']);
    expect(await psql('SELECT word FROM kept')).toBe('before');
  });

  it('is there again after it was killed, with what was committed', async () => {
    await psql("UPDATE kept SET word = 'a moment before'");
    await stage.engine.docker.getContainer('arc-sql').kill();
    await stage.succeed(['up', 'sql', '--bases', 'local', '--yes']);
    expect(await psql('SELECT word FROM kept')).toBe('a moment before');
  });
});

const migrations = 'services/sql/migrations';
const plan = async () => (await stage.succeed(['plan', 'sql'])).stdout.split('\n');
const applied = () => psql("SELECT string_agg(name, ' ' ORDER BY name) FROM arc.migrations", 'arc');

describe('the conversations of agents', () => {
  const explain = (query: string) =>
    psql(`EXPLAIN SELECT * FROM agents.conversations ${query} LIMIT 5`, 'arc');

  it('are found by an index, whichever of the two queries asks, with the settings of the planner as they are', async () => {
    // Its index is built from all rows together, which takes a tenth of the time.
    const index = await psql("SELECT pg_get_indexdef('agents.conversations_by_embedding'::regclass)", 'arc');
    await psql('DROP INDEX agents.conversations_by_embedding', 'arc');
    await psql(
      `INSERT INTO agents.conversations (id, user_id, embedding, created_at)
       SELECT gen_random_uuid(), 'user-' || n % 200, (SELECT array_agg(random()) FROM generate_series(1, 384) WHERE n > 0)::vector, now() - n * interval '1 minute'
       FROM generate_series(1, 5000) n`,
      'arc',
    );
    await psql(index, 'arc');
    await psql('ANALYZE agents.conversations', 'arc');
    const turns = await explain("WHERE user_id = 'user-1' ORDER BY created_at DESC");
    expect(turns).toContain('Index Scan using conversations_by_user');
    expect(turns).not.toContain('Sort');
    const nearest = (distance: string) =>
      explain(`ORDER BY embedding ${distance} (SELECT array_agg(0.5) FROM generate_series(1, 384))::vector`);
    expect(await nearest('<=>')).toContain('Index Scan using conversations_by_embedding');
    // The seed's L2 distance has no index here: every row is read and sorted.
    const byL2 = await nearest('<->');
    expect(byL2).toContain('Seq Scan on conversations');
    expect(byL2).toContain('Sort');
  });
});

describe('a row with a vector', () => {
  it('is found by the health check, which leaves none behind', async () => {
    const { stdout } = await stage.succeed(['health', 'sql']);
    expect(stdout).toContain('the row came back');
    expect(await psql('SELECT count(*) FROM arc.health', 'arc')).toBe('0');
  });
});

describe('the migrations of a database', () => {
  const path = `${migrations}/0004_turns.sql`;
  const text = 'CREATE TABLE turns (n int);\nINSERT INTO turns VALUES (1);\n';

  it('are planned, applied once, and then nothing is left to do', async () => {
    stage.workspace.write(path, text);
    expect(await plan()).toEqual([
      '~ migrations arc  (applies 0004_turns.sql)',
      '? column agents.conversations.embedding  (known once the migrations of arc are applied)',
      '? grants voice_agent  (known once the migrations of arc are applied)',
      '? grants contract_keys  (known once the migrations of arc are applied)',
    ]);
    await stage.succeed(['up', 'sql', '--yes']);
    expect(await plan()).toEqual(['nothing to do']);
    expect(await psql('SELECT count(*) FROM turns', 'arc')).toBe('1');
  });

  it('are refused where an applied one was edited, with both texts', async () => {
    stage.workspace.write(path, text.replace('(1)', '(2)'));
    const { exitCode, stderr } = await stage.arc(['plan', 'sql']);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(`error[migration-changed] ${path}:2:1`);
    expect(stderr).toContain('applied: INSERT INTO turns VALUES (1);');
    expect(stderr).toContain('now:     INSERT INTO turns VALUES (2);');
    stage.workspace.write(path, text);
  });

  it('leave a database as it was where one fails, and name the place in the SQL', async () => {
    const bad = `${migrations}/0005_bad.sql`;
    stage.workspace.write(bad, '-- two\nCREATE TABLE half (n int);\nSELECT nothing FROM turns;\n');
    const { exitCode, stderr } = await stage.arc(['up', 'sql', '--yes']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`error[migration-failed] ${bad}:3:8`);
    expect(await psql("SELECT to_regclass('half') IS NULL", 'arc')).toBe('t');
    expect(await applied()).toBe(
      '0001_conversations.sql 0002_user_keys.sql 0003_sessions.sql 0004_turns.sql',
    );
    stage.workspace.write(bad, 'CREATE TABLE whole (n int);\n');
    await stage.succeed(['up', 'sql', '--yes']);
    expect(await applied()).toBe(
      '0001_conversations.sql 0002_user_keys.sql 0003_sessions.sql 0004_turns.sql 0005_bad.sql',
    );
  });

  it('run outside a transaction where they say so', async () => {
    stage.workspace.write(
      `${migrations}/0006_index.sql`,
      '-- arc: no-transaction\nCREATE INDEX CONCURRENTLY turns_by_n ON turns (n);\n',
    );
    await stage.succeed(['up', 'sql', '--yes']);
    expect(
      await psql("SELECT indisvalid FROM pg_index WHERE indexrelid = 'turns_by_n'::regclass", 'arc'),
    ).toBe('t');
  });

  it('are not known while the server is stopped', async () => {
    await stage.succeed(['down', 'sql']);
    expect(await plan()).toContain('? migrations arc  (known once arc-sql runs)');
  });
});
