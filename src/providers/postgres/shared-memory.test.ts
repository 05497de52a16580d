import { expect, test } from 'vitest';
import { sharedMemoryProblems } from './shared-memory.ts';

const mebibyte = 1024 ** 2;

function check(text: string, shm?: number) {
  const files = [{ path: 'services/sql/postgresql.conf', text }];
  return sharedMemoryProblems({ name: 'arc-sql', role: 'sql', files, ...(shm !== undefined && { shm }) });
}

test('shared memory has to be larger than what an index is built with, named at its line', () => {
  const text = "port = 5432\n  maintenance_work_mem = '128MB'\n";
  expect(check(text, 256 * mebibyte)).toEqual([]);
  expect(check(text, 128 * mebibyte)).toMatchObject([
    {
      code: 'shm-too-small',
      location: { file: 'services/sql/postgresql.conf', line: 2, column: 3 },
      suggestion: 'raise `resources.shm` of sql, or lower maintenance_work_mem',
    },
  ]);
});

test('the last line counts, comments do not, and a number without a unit is kB', () => {
  const text = 'maintenance_work_mem = 1GB\nmaintenance_work_mem 65536 # kB\n#maintenance_work_mem = 2GB\n';
  expect(check(text, 65 * mebibyte)).toEqual([]);
  expect(check(text, 64 * mebibyte)).toMatchObject([{ location: { line: 2, column: 1 } }]);
});

test('the defaults of Docker and PostgreSQL do not go together', () => {
  expect(check('port = 5432\n')).toMatchObject([{ code: 'shm-too-small', location: { line: 1 } }]);
  expect(check('port = 5432\n', 128 * mebibyte)).toEqual([]);
});

test('other config files say nothing of it', () => {
  const files = [{ path: 'services/sql/pg_hba.conf', text: 'local all all peer\n' }];
  expect(sharedMemoryProblems({ name: 'arc-sql', role: 'sql', files })).toEqual([]);
});
