import { describe, expect, test } from 'vitest';
import { decideMigrations } from './decide.ts';
import type { AppliedMigration, MigrationFile } from './model.ts';

const file = (name: string, text = 'SELECT 1;\n'): MigrationFile => ({
  name,
  path: `services/sql/migrations/${name}`,
  text,
});

function decide(files: readonly MigrationFile[], applied?: readonly AppliedMigration[]) {
  const address = 'migrations/arc';
  const spec = { database: 'arc', files };
  return decideMigrations({
    address,
    wanted: { address, kind: 'migrations', spec, needs: [] },
    seen: applied && { state: { applied }, needs: [] },
    decided: () => undefined,
  });
}

const one = file('0001_one.sql');
const two = file('0002_two.sql');
const done = ({ name, text }: MigrationFile): AppliedMigration => ({ name, text });

describe('the plan of migrations', () => {
  test('applies every migration to one that does not exist yet', () => {
    expect(decide([one, two])).toMatchObject({
      kind: 'create',
      cause: 'applies 0001_one.sql, 0002_two.sql',
      data: { pending: ['0001_one.sql', '0002_two.sql'] },
    });
  });

  test('applies what is pending', () => {
    expect(decide([one, two], [done(one)])).toMatchObject({
      kind: 'change',
      cause: 'applies 0002_two.sql',
      data: { pending: ['0002_two.sql'] },
    });
  });

  test('is empty once all are applied, also where the file of one is gone', () => {
    expect(decide([two], [done(one), done(two)])).toEqual({ kind: 'keep' });
  });

  test('refuses an applied migration that was edited, with both texts and the line', () => {
    const before = done(file('0001_one.sql', 'CREATE TABLE t (\n  a int,\n  b int\n);\n'));
    const now = file('0001_one.sql', 'CREATE TABLE t (\n  a text,\n  b int\n);\n');
    expect(decide([now], [before])).toMatchObject({
      kind: 'refuse',
      problem: {
        code: 'migration-changed',
        detail: ['applied:   a int,', 'now:       a text,'],
        location: { file: now.path, line: 2, column: 1 },
      },
    });
  });

  test('refuses a new migration that comes before an applied one', () => {
    expect(decide([one, two], [done(two)])).toMatchObject({
      kind: 'refuse',
      problem: { code: 'migration-out-of-order', location: { file: one.path } },
    });
  });

  test('undoes no migration that nobody declares any more', () => {
    const given = { address: 'migrations/old', wanted: undefined, decided: () => undefined } as const;
    expect(decideMigrations({ ...given, seen: { state: { applied: [] }, needs: [] } })).toEqual({
      kind: 'keep',
    });
  });
});

describe('a migration', () => {
  test.each(['BEGIN', 'COMMIT', 'START TRANSACTION', 'ROLLBACK', 'end'])(
    'with %s is refused, because its transaction is arc’s',
    (statement) => {
      expect(decide([file('0001_one.sql', `SELECT 1;\n  ${statement};\n`)])).toMatchObject({
        kind: 'refuse',
        problem: { code: 'bad-migration', location: { line: 2, column: 3 } },
      });
    },
  );

  test('without any statement is refused, because it could not be written later', () => {
    expect(decide([file('0001_one.sql', '-- One: say why.\n')])).toMatchObject({
      kind: 'refuse',
      problem: { code: 'bad-migration', message: 'The migration 0001_one.sql has no statement.' },
    });
  });

  test('may go back to a savepoint', () => {
    const text = 'SAVEPOINT a; ROLLBACK TO a;';
    expect(decide([file('0001_one.sql', text)]).kind).toBe('create');
  });

  test('without a transaction has one statement only', () => {
    const text = '-- arc: no-transaction\nCREATE INDEX CONCURRENTLY a ON t (a);\n';
    expect(decide([file('0001_one.sql', text)]).kind).toBe('create');
    expect(decide([file('0001_one.sql', `${text}SELECT 1;\n`)])).toMatchObject({
      kind: 'refuse',
      problem: { code: 'bad-migration', location: { line: 3, column: 1 } },
    });
  });
});
