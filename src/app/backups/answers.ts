/** A backup that is whole. */
export type Backup = {
  name: string;
  /** Version of the server: `18.4`. */
  version: string;
  /** In the storage. */
  bytes: number;
  databases: readonly CountedDatabase[];
  /** Absent if it was never restored. */
  verification?: Verification;
};

export type CountedDatabase = { name: string; tables: number; rows: number };

/** Result of a verification: the backup was restored and compared. */
export type Verification = { at: string; ok: boolean; problems: readonly string[]; milliseconds: number };

type Fields = Readonly<Record<string, unknown>>;

/** The answer to `backup`, which is the manifest alone. */
export function readBackup(answer: unknown): Backup {
  return backupOf(mapping(answer, 'the manifest'));
}

/** The answer to `list`, oldest first. */
export function readBackups(answer: unknown): readonly Backup[] {
  return list(answer, 'the list of backups').map((one) => {
    const { manifest, verification } = mapping(one, 'a backup');
    const backup = backupOf(mapping(manifest, 'the manifest'));
    return verification === undefined ? backup : { ...backup, verification: readVerification(verification) };
  });
}

/** The answer to `verify`, without the name that it begins with. */
export function readVerification(answer: unknown): Verification {
  const fields = mapping(answer, 'the verification');
  return {
    at: text(fields.at, 'at'),
    ok: fields.ok === true,
    problems: list(fields.problems, 'problems').map((one) => text(one, 'problems')),
    milliseconds: number(fields.milliseconds, 'milliseconds'),
  };
}

/** The answer to `compare`: a backup, and what is in the databases now. */
export function readComparison(answer: unknown): {
  backup: Backup;
  live: readonly CountedDatabase[];
} {
  const fields = mapping(answer, 'the comparison');
  const live = Object.entries(mapping(fields.live, 'live')).map(([name, one]) => {
    const counted = mapping(one, name);
    return { name, tables: number(counted.tables, 'tables'), rows: number(counted.rows, 'rows') };
  });
  return { backup: readBackup(fields.manifest), live };
}

/** The answer to `restore`: the names of the databases that are now as they were. */
export function readRestored(answer: unknown): readonly string[] {
  return list(mapping(answer, 'the answer').databases, 'databases').map((one) => text(one, 'databases'));
}

/** The name that an answer is about. */
export function readName(answer: unknown): string {
  return text(mapping(answer, 'the answer').name, 'name');
}

function backupOf(manifest: Fields): Backup {
  const databases = list(manifest.databases, 'databases').map((one) => mapping(one, 'databases'));
  const parts = [manifest.globals, ...databases.map(({ dump }) => dump)];
  return {
    name: text(manifest.name, 'name'),
    version: text(manifest.version, 'version'),
    bytes: parts.reduce<number>((sum, part) => sum + number(mapping(part, 'dump').bytes, 'bytes'), 0),
    databases: databases.map(countedOf),
  };
}

function countedOf(database: Fields): CountedDatabase {
  const { tables } = mapping(database.contents, 'contents');
  const counts = Object.values(mapping(tables, 'tables')).map((one) =>
    number(mapping(one, 'tables').rows, 'rows'),
  );
  return {
    name: text(database.name, 'name'),
    tables: counts.length,
    rows: counts.reduce((sum, rows) => sum + rows, 0),
  };
}

function mapping(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw broken(name);
  return value as Fields;
}

function list(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw broken(name);
  return value;
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string') throw broken(name);
  return value;
}

function number(value: unknown, name: string): number {
  if (typeof value !== 'number') throw broken(name);
  return value;
}

/** The program and arc come from one revision. */
function broken(name: string): Error {
  return new Error(`the backup program's answer has no ${name}, or another kind of it`);
}
