import { describe, expect, test } from 'vitest';
import { lossText, replacedBy } from './restore.ts';

const backup = {
  name: '2026-11-30T02-00-00Z',
  version: '18.4',
  bytes: 1,
  databases: [
    { name: 'agents', tables: 2, rows: 19_000 },
    { name: 'other', tables: 1, rows: 1 },
  ],
};
const live = [
  { name: 'agents', tables: 2, rows: 20_000 },
  { name: 'other', tables: 1, rows: 0 },
];

describe('what a restore replaces', () => {
  test('is every database of the backup that has rows now', () => {
    expect(replacedBy({ backup, live, request: {} }).map(({ name }) => name)).toEqual(['agents']);
  });

  test('is the database whose name is taken', () => {
    expect(replacedBy({ backup, live, request: { database: 'other', to: 'agents' } })).toEqual([
      { ...live[0], backup: backup.databases[1] },
    ]);
    expect(replacedBy({ backup, live, request: { database: 'other', to: 'copy' } })).toEqual([]);
  });

  test('is told with the rows that there are now', () => {
    const [first] = replacedBy({ backup, live, request: {} });
    expect(first && lossText(first)).toBe(
      'The database agents has 20,000 rows in 2 tables now, and the backup has 19,000 rows in 2 tables.',
    );
  });
});
