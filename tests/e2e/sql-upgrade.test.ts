import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';

// A real volume of PostgreSQL 16, made by the server that the same package has beside 18.

const manifest = 'services/sql/service.yaml';
const changed = [
  manifest,
  'services/sql/postgresql.conf.liquid',
  'services/sql/start.sh.liquid',
  'services/sql/sql-backup.yaml.liquid',
];
const up = ['up', 'sql', '--bases', 'local', '--yes'];
const kept = 'arc-sql-data-16';
const rows = 2_000;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  const { workspace } = stage;
  // What is moved is what this test makes, and no more.
  const bare = workspace
    .read(manifest)
    .replace(/^provision:\n(?: .*\n)+/m, '')
    .replace('      database: arc\n      vector: true\n', '');
  workspace.write(manifest, bare);
  const present = changed.map((file) => [file, workspace.read(file)] as const);
  for (const [file, text] of present) workspace.write(file, asOf16(text));
  await stage.succeed(up, { limitMilliseconds: 600_000 });
  await psql('postgres', 'CREATE DATABASE agents');
  await psql('postgres', 'CREATE ROLE reader');
  await psql(
    'agents',
    `CREATE EXTENSION vector;
     CREATE TABLE conversations (id bigint PRIMARY KEY, body text, embedding vector(3));
     INSERT INTO conversations SELECT i, md5(i::text), ARRAY[i, 1, 2]::vector FROM generate_series(1, ${rows}) AS i;
     GRANT SELECT ON conversations TO reader`,
  );
  for (const [file, text] of present) workspace.write(file, text);
}, 700_000);
afterAll(async () => {
  await stage?.succeed(['down', 'sql']).catch(() => undefined);
  await stage?.engine.docker
    .getVolume(kept)
    .remove()
    .catch(() => undefined);
  await stage?.close();
});

/** The manifest and files of a service that ran PostgreSQL 16. */
function asOf16(text: string): string {
  return text
    .replaceAll('pginstall18', 'pginstall')
    .replaceAll('/usr/lib/postgresql/18', '/usr/lib/postgresql/16')
    .replaceAll('/var/lib/postgresql/18/docker', '/var/lib/postgresql/16/docker')
    .replace('reads: { upstream: 18, recipe: 18 }', 'reads: { upstream: 16, recipe: 16 }')
    .replace('        - 18/docker/PG_VERSION\n', '')
    .replace('--locale-provider=builtin --builtin-locale=C.UTF-8 ', '');
}

async function psql(database: string, statement: string): Promise<string> {
  const connection = ['-U', 'postgres', '-h', '/run/postgresql', '-d', database];
  const call = ['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', ...connection, '-c', statement];
  return (await stage.succeed(['exec', 'sql', ...call])).stdout.trim();
}

const contents = () =>
  psql('agents', 'SELECT count(*), sum(id), md5(string_agg(body, chr(44) ORDER BY id)) FROM conversations');

describe('data of PostgreSQL 16 where the service is of 18', () => {
  it('is refused by the plan and by up, with the way out, and the old server runs on', async () => {
    expect(await psql('postgres', 'SHOW server_version')).toMatch(/^16\./);
    const before = await stage.engine.runs();
    for (const command of [['plan', 'sql', '--bases', 'local'], up]) {
      const { exitCode, stderr } = await stage.arc(command);
      expect(exitCode).toBe(1);
      expect(stderr).toContain(`error[data-too-old]
  The data in arc-sql-data was written in version 16 of its format, and arc-sql reads version 18 alone.`);
      expect(stderr).toContain('arc upgrade sql');
    }
    expect(await stage.engine.runs()).toEqual(before);
  });

  it('is moved after consent alone, and a dry run changes nothing', async () => {
    const before = await stage.engine.runs();
    const { stdout } = await stage.succeed(['upgrade', 'sql', '--dry-run']);
    expect(stdout.trim().split('\n')).toEqual([
      '1. keep clients from writing to arc-sql, which is of version 16',
      '2. back it up to storage, and prove the backup by restoring it',
      `3. stop arc-sql, and copy the volume arc-sql-data to ${kept}`,
      '4. remove the volume arc-sql-data, and boot sql of version 18 with a new one',
      '5. restore the backup, and compare every table',
      `6. keep ${kept}, until you remove it: docker volume rm ${kept}`,
    ]);
    const asked = await stage.arc(['upgrade', 'sql']);
    expect(asked.exitCode).toBe(2);
    expect(asked.stderr).toContain('--yes');
    expect(await stage.engine.runs()).toEqual(before);
    expect(await psql('postgres', 'SHOW default_transaction_read_only')).toBe('off');
  });

  it('stays with the old server where it cannot be backed up, and clients can write again', async () => {
    const { docker } = stage.engine;
    await docker.getContainer('arc-storage').stop();
    try {
      const { exitCode, stderr } = await stage.arc(['upgrade', 'sql', '--bases', 'local', '--yes']);
      expect(exitCode).toBe(1);
      expect(stderr).toContain('error[backup-failed]');
    } finally {
      await docker.getContainer('arc-storage').start();
    }
    await psql('agents', 'CREATE TABLE written_again AS SELECT 1 AS one');
    await psql('agents', 'DROP TABLE written_again');
    expect(await psql('postgres', 'SHOW server_version')).toMatch(/^16\./);
  });

  it('is the same in PostgreSQL 18 afterwards, and the old volume is kept', async () => {
    const before = await contents();
    const { stdout } = await stage.succeed(['upgrade', 'sql', '--bases', 'local', '--yes', '--json'], {
      limitMilliseconds: 600_000,
    });
    expect(resultOf<unknown>(stdout)).toMatchObject({ upgraded: true, from: 16, to: 18, kept });
    expect(await psql('postgres', 'SHOW server_version')).toMatch(/^18\./);
    expect(await contents()).toBe(before);
    expect(await psql('agents', "SELECT has_table_privilege('reader', 'conversations', 'SELECT')")).toBe('t');
    expect(await psql('postgres', 'SHOW default_transaction_read_only')).toBe('off');
    const script = 'cat /old/16/docker/PG_VERSION; grep -c read_only /old/16/docker/postgresql.auto.conf';
    expect(await inKept(script)).toBe('16\n0');
    const again = await stage.succeed(['upgrade', 'sql']);
    expect(again.stdout).toContain('The data of arc-sql is of version 18, so there is nothing to upgrade.');
    expect((await stage.succeed(['plan', 'sql', '--bases', 'local'])).stdout).toContain('nothing to do');
  });
});

/** What a script says that looks into the volume that was kept. */
async function inKept(script: string): Promise<string> {
  const { docker } = stage.engine;
  const container = await docker.createContainer({
    Image: 'ghcr.io/arc-framework/arc-sql:latest',
    User: '0:0',
    Tty: true,
    Entrypoint: ['/bin/sh', '-c', script],
    HostConfig: { Binds: [`${kept}:/old:ro`], NetworkMode: 'none' },
  });
  try {
    await container.start();
    await container.wait();
    return String(await container.logs({ stdout: true, stderr: true }))
      .replaceAll('\r', '')
      .trim();
  } finally {
    await container.remove({ force: true });
  }
}
