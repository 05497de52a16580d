import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

type Backups = { backups: { name: string; databases: { name: string; rows: number }[] }[] };
type Verified = { verified: { name: string; ok: boolean; problems: string[] } };

const up = ['up', 'sql', '--bases', 'local', '--yes'];
const rows = 200_000;

let stage: Stage;
/** A backup with all rows. */
let whole = '';

beforeAll(async () => {
  // None goes while a test counts them.
  stage = await openStage({ settings: { sql_backup_keep_last: '"100"' } });
  // What is backed up is what this test makes, and no more.
  const manifest = 'services/sql/service.yaml';
  const declared = stage.workspace.read(manifest);
  stage.workspace.write(manifest, declared.replace(/^provision:\n[\s\S]*?(?=^checks:)/m, 'provision: []\n'));
  stage.workspace.edit(manifest, '      database: arc\n      vector: true\n', '');
  await stage.succeed(up);
  await psql('postgres', 'CREATE DATABASE agents');
  await psql('agents', 'CREATE EXTENSION vector');
  await psql('postgres', 'CREATE ROLE reader');
  await psql(
    'agents',
    `CREATE TABLE conversations (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text, embedding vector(3));
     INSERT INTO conversations (body, embedding)
       SELECT repeat(md5(i::text), 4), ARRAY[i, 1, 2]::vector FROM generate_series(1, ${rows}) AS i;
     CREATE INDEX ON conversations USING hnsw (embedding vector_cosine_ops) WHERE id < 1000;
     GRANT SELECT ON conversations TO reader`,
  );
}, 400_000);
afterAll(() => stage?.close());

async function psql(database: string, statement: string): Promise<string> {
  const connection = ['-U', 'postgres', '-h', '/run/postgresql', '-d', database];
  const call = ['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', ...connection, '-c', statement];
  return (await stage.succeed(['exec', 'sql', ...call])).stdout.trim();
}

const countRows = () => psql('agents', 'SELECT count(*) FROM conversations');
/** In the middle of the second database, when the first one is restored already. */
async function restoreThatHangs() {
  const restoring = stage.start(['restore', 'sql', '--lose', 'agents', '--lose', 'slow']);
  const building = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX slow%'";
  await until({
    what: 'an index that is built in the middle of a restore',
    ask: async () => (await psql('postgres', building)) === '1',
  });
  expect(await databases()).toContain('arc_restored_0 arc_restored_1');
  // A process alone would be waited for.
  return { restoring };
}

const waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";

/** One that has begun, and waits for a lock that somebody holds. */
async function backupThatWaits() {
  const holder = stage.start(
    'exec sql psql -X -U postgres -h /run/postgresql -d agents -c BEGIN -c'
      .split(' ')
      .concat('LOCK TABLE conversations', '-c', 'SELECT pg_sleep(600)'),
  );
  await until({ what: 'the lock', ask: async () => (await locks()) !== '0' });
  const backup = stage.start(['backup', 'sql', '--json']);
  await until({ what: 'a backup that waits', ask: async () => (await psql('postgres', waiting)) === '1' });
  const letGo = async (): Promise<void> => {
    const sleeping =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)'";
    await psql('postgres', sleeping);
    await holder;
  };
  return { backup, letGo };
}

const locks = () =>
  psql('postgres', "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted");
const databases = () => psql('postgres', "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database");

async function backups(): Promise<Backups['backups']> {
  return resultOf<Backups>((await stage.succeed(['backup', 'list', '--json'])).stdout).backups;
}

async function backUp(): Promise<string> {
  const { stdout } = await stage.succeed(['backup', 'sql', '--json']);
  const [made] = resultOf<Backups>(stdout).backups;
  expect(made?.databases).toEqual([{ name: 'agents', tables: 1, rows }]);
  return made?.name ?? '';
}

/** Runs a program beside the backups, with their storage as `store`. */
function inStorage(script: string) {
  const program = `
    import { readConfig } from '/opt/sql-backup/config.ts';
    import { openStore } from '/opt/sql-backup/store.ts';
    const store = openStore(readConfig('/etc/arc/sql-backup.yaml').storage);
    ${script}`;
  return stage.succeed(['exec', 'sql-backup', 'node', '--input-type=module', '--eval', program]);
}

describe('the schedule', () => {
  it('makes the first backup and proves it, without arc', async () => {
    await until({
      what: 'the first backup that is verified',
      ask: async () => JSON.stringify(await backups()).includes('"ok":true'),
    });
    const { stdout } = await stage.succeed(['health', 'sql']);
    expect(stdout).toMatch(/✓ {2}sql backups .*last backup \d+ min ago; \S+ verified \d+ min ago/);
  });
});

describe('a backup', () => {
  it('is proven by being restored: every table has what it had', async () => {
    const name = await backUp();
    const { stdout } = await stage.succeed(['backup', 'verify', '--json']);
    expect(resultOf<Verified>(stdout).verified).toMatchObject({ name, ok: true, problems: [] });
    const { stdout: left } = await inStorage(
      `console.log((await import('node:fs')).readdirSync('/var/lib/sql-backup').join());`,
    );
    expect(left.trim()).toBe('since');
  });

  it('that is damaged in the storage cannot be restored, and health says so', async () => {
    const before = await countRows();
    const name = await backUp();
    await inStorage(`
      const { buffer } = await import('node:stream/consumers');
      const key = 'sql/${name}/agents.dump';
      const dump = await buffer(await store.get(key));
      dump[dump.length - 5000] ^= 255;
      await store.putText(key, dump);`);
    const verify = await stage.arc(['backup', 'verify', name]);
    expect(verify.exitCode).toBe(1);
    expect(verify.stdout).toContain(`sql/${name}/agents.dump has another SHA-256 than its manifest says`);
    const health = await stage.arc(['health', 'sql']);
    expect(health.exitCode).toBe(1);
    expect(health.stdout).toContain(`${name} cannot be restored`);
    const restored = await stage.arc(['restore', 'sql', '--from', name, '--lose', 'agents']);
    expect(restored.exitCode).toBe(1);
    expect(restored.stderr).toContain('error[backup-failed]');
    expect(await countRows()).toBe(before);
    expect(await databases()).toBe('agents postgres template0 template1');
    await backUp();
    await stage.succeed(['backup', 'verify']);
    await stage.succeed(['health', 'sql']);
  });

  it('that is interrupted leaves nothing', async () => {
    const before = await backups();
    const { backup, letGo } = await backupThatWaits();
    backup.kill('SIGINT');
    expect((await backup).exitCode).toBe(130);
    expect(await psql('postgres', waiting)).toBe('0');
    await letGo();
    expect(await backups()).toEqual(before);
    const { stdout } = await inStorage(
      `const names = (await store.list('sql/')).map(({ key }) => key.split('/')[1]);
       console.log(new Set(names).size);`,
    );
    expect(Number(stdout)).toBe(before.length);
  });

  it('whose program is killed is none, and the next one is whole', async () => {
    const before = await backups();
    const { backup, letGo } = await backupThatWaits();
    await stage.engine.docker.getContainer('arc-sql-backup').kill();
    expect((await backup).exitCode).toBe(1);
    await letGo();
    await stage.succeed(up);
    expect(await backups()).toEqual(before);
    const name = await backUp();
    const { stdout } = await stage.succeed(['backup', 'verify', '--json']);
    expect(resultOf<Verified>(stdout).verified).toMatchObject({ name, ok: true });
  });

  it('fails where the storage is away, and the database notices nothing', async () => {
    const { docker } = stage.engine;
    await docker.getContainer('arc-storage').stop();
    try {
      const { exitCode, stderr } = await stage.arc(['backup', 'sql']);
      expect(exitCode).toBe(1);
      expect(stderr).toContain('arc-sql-backup could not make a backup');
      await psql('agents', "CREATE TABLE written_meanwhile AS SELECT 'yes' AS word");
      await psql('agents', 'DROP TABLE written_meanwhile');
      expect(
        await psql('postgres', "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'arc-backup'"),
      ).toBe('0');
      const health = await stage.arc(['health', 'sql']);
      expect(health.stdout).toContain('the storage of the backups does not answer');
    } finally {
      await docker.getContainer('arc-storage').start();
    }
    await stage.succeed(up);
    await backUp();
  });
});

describe('a restore', () => {
  it('asks by name for what is lost, with the rows that there are now', async () => {
    whole = await backUp();
    await psql('agents', 'DELETE FROM conversations WHERE id > 5');
    const { exitCode, stderr } = await stage.arc(['restore', 'sql']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('The database agents has 5 rows in 1 table now');
    expect(stderr).toContain('--lose agents');
    expect(await countRows()).toBe('5');
  });

  it('that is interrupted leaves what was there', async () => {
    // An index that takes longer to build than anybody waits: what is restored hangs there.
    await psql('postgres', 'CREATE DATABASE slow');
    await psql(
      'slow',
      `CREATE FUNCTION slow(bigint) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT $1';
       CREATE TABLE slow AS SELECT 1::bigint AS id;
       CREATE INDEX ON slow (slow(id));
       CREATE OR REPLACE FUNCTION slow(bigint) RETURNS bigint IMMUTABLE LANGUAGE plpgsql
         AS 'BEGIN PERFORM pg_sleep(600); RETURN $1; END'`,
    );
    await stage.succeed(['backup', 'sql']);
    const { restoring } = await restoreThatHangs();
    // Both would use the same names.
    const other = await stage.arc('exec sql-backup node /opt/sql-backup/main.ts restore'.split(' '));
    expect(other.exitCode).not.toBe(0);
    expect(other.output).toContain('another restore is under way');
    restoring.kill('SIGINT');
    expect((await restoring).exitCode).toBe(130);
    expect(await countRows()).toBe('5');
    expect(await databases()).toBe('agents postgres slow template0 template1');
  });

  it('that is killed leaves what was there, and its leftovers go when the program starts again', async () => {
    const { restoring } = await restoreThatHangs();
    await stage.engine.docker.getContainer('arc-sql-backup').kill();
    expect((await restoring).exitCode).toBe(1);
    expect(await countRows()).toBe('5');
    await stage.succeed(up);
    await until({
      what: 'no database that a restore left behind',
      ask: async () => (await databases()) === 'agents postgres slow template0 template1',
    });
    await psql('postgres', 'DROP DATABASE slow');
  });

  it('brings back every row, while somebody is connected', async () => {
    const reader = stage.start(
      'exec sql psql -X -U postgres -h /run/postgresql -d agents -c'
        .split(' ')
        .concat('SELECT pg_sleep(600)'),
    );
    await until({
      what: 'a client that is connected',
      ask: async () =>
        (await psql(
          'postgres',
          "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)'",
        )) === '1',
    });
    await stage.succeed(['restore', 'sql', '--from', whole, '--database', 'agents', '--lose', 'agents']);
    expect((await reader).exitCode).not.toBe(0);
    expect(await countRows()).toBe(String(rows));
    expect(await databases()).toBe('agents postgres template0 template1');
    expect(await psql('agents', "SELECT has_table_privilege('reader', 'conversations', 'SELECT')")).toBe('t');
    const near =
      'SELECT id FROM conversations WHERE id < 1000 ORDER BY embedding <=> ARRAY[7, 1, 2]::vector LIMIT 1';
    expect(await psql('agents', near)).toBe('7');
    // Which index the planner takes follows from statistics, which it may not have yet.
    const index =
      "SELECT indisvalid FROM pg_index WHERE indexrelid = 'conversations_embedding_idx'::regclass";
    expect(await psql('agents', index)).toBe('t');
  });

  it('puts a copy beside the present, under another name', async () => {
    await psql('agents', 'DELETE FROM conversations WHERE id > 5');
    await stage.succeed([
      'restore',
      'sql',
      ...['--from', whole, '--database', 'agents', '--to', 'agents_before'],
    ]);
    expect(await countRows()).toBe('5');
    expect(await psql('agents_before', 'SELECT count(*) FROM conversations')).toBe(String(rows));
  });
});

describe('without storage', () => {
  it('the plan says by name that nothing makes backups', async () => {
    const { stderr } = await stage.succeed(['plan', 'sql', '--without', 'storage']);
    expect(stderr).toContain('sql-backup cannot run: it needs storage');
  });
});
