import { expect, test } from 'vitest';
import { migrationsKind } from './kind.ts';

const spec = (content: string | Uint8Array) =>
  migrationsKind.spec({
    name: 'arc',
    fields: {},
    files: [{ path: 'migrations/0001_a.sql', content: Buffer.from(content), sha256: '' }],
    location: { file: 'services/sql/lists/databases.yaml', line: 1, column: 1 },
  });

test('a migration has the line ends of Unix, whatever Git made of them, and its path in the workspace', () => {
  expect(spec('SELECT 1;\r\n').files).toEqual([
    { name: '0001_a.sql', path: 'services/sql/migrations/0001_a.sql', text: 'SELECT 1;\n' },
  ]);
});

test('a migration that is not text is refused at its place', () => {
  expect(() => spec(Buffer.from('SELECT 1;\n-- acc\xe8s', 'latin1'))).toThrow(
    expect.objectContaining({
      problems: [
        expect.objectContaining({
          code: 'not-utf8',
          location: expect.objectContaining({ file: 'services/sql/migrations/0001_a.sql', line: 2 }),
        }),
      ],
    }),
  );
});
