import { openStage, type Stage } from './stage.ts';
import { testProject } from './workspace.ts';

export const upSql = ['up', 'sql', '--bases', 'local', '--yes'];

/** A database that is backed up to the second, whose limits are small enough to be reached within seconds. */
export type LogStage = {
  stage: Stage;
  psql: (database: string, statement: string) => Promise<string>;
  /** A row of its own in the table `turns` of the database `agents`. */
  say: (id: number) => Promise<string>;
  health: () => Promise<string>;
  /** Whether any second since a base can be restored, and all else is well. */
  isWell: () => Promise<boolean>;
  /** By the server's own clock, with its fraction: nothing else happens in between. */
  now: () => Promise<string>;
  /** What the server's own log takes on its disk. */
  logBytes: () => Promise<number>;
  /** Writes about 20 MB of log for each round. */
  writeMuch: (rounds: number) => Promise<void>;
};

/** The limit of the slot, that of checkpoints, and the segments that are being written. Bytes. */
export const logLimit = 192 * 2 ** 20;

/** @param options.storage options of the volume that the storage has */
export async function openLogStage(
  options: { storage?: Readonly<Record<string, string>> } = {},
): Promise<LogStage> {
  const stage = await openStage({ settings: { sql_point_in_time: '"on"' } });
  const manifest = 'services/sql/service.yaml';
  const bare = stage.workspace
    .read(manifest)
    .replace(/^provision:\n(?: .*\n)+/m, '')
    .replace('      database: arc\n      vector: true\n', '');
  stage.workspace.write(manifest, bare);
  stage.workspace.edit(
    'services/sql/postgresql.conf.liquid',
    'max_slot_wal_keep_size = 1GB',
    'max_slot_wal_keep_size = 64MB\nmax_wal_size = 64MB\nmin_wal_size = 32MB',
  );
  if (options.storage !== undefined)
    await stage.engine.docker.createVolume({
      Name: 'arc-storage-data',
      Driver: 'local',
      DriverOpts: { ...options.storage },
      Labels: { 'arc.project': testProject },
    });
  const psql = async (database: string, statement: string): Promise<string> => {
    const connection = ['-U', 'postgres', '-h', '/run/postgresql', '-d', database];
    const call = ['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', ...connection, '-c', statement];
    return (await stage.succeed(['exec', 'sql', ...call])).stdout.trim();
  };
  const health = async () => (await stage.arc(['health', 'sql'])).stdout;
  await stage.succeed(upSql);
  await psql('postgres', 'CREATE DATABASE agents');
  await psql('agents', 'CREATE TABLE turns (id int PRIMARY KEY, said text)');
  return {
    stage,
    psql,
    say: (id) => psql('agents', `INSERT INTO turns VALUES (${id}, 'turn ${id}')`),
    health,
    isWell: async () => /✓ {2}sql backups .*any second since \S+ can be restored/.test(await health()),
    now: () =>
      psql(
        'postgres',
        'SELECT to_char(clock_timestamp() AT TIME ZONE \'UTC\', \'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"\')',
      ),
    logBytes: async () => Number(await psql('postgres', 'SELECT sum(size) FROM pg_ls_waldir()')),
    writeMuch: async (rounds) => {
      for (let round = 0; round < rounds; round += 1)
        await psql(
          'agents',
          `CREATE TABLE much AS SELECT repeat(md5(random()::text), 30) AS text FROM generate_series(1, 20000);
           DROP TABLE much; SELECT pg_switch_wal(); CHECKPOINT`,
        );
    },
  };
}
