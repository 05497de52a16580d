import { expect, test } from 'vitest';
import { filesOf } from './named-files.ts';

const files = new Map(
  [
    'services/sql/service.yaml',
    'services/sql/migrations/0002-more.sql',
    'services/sql/migrations/0001-first.sql',
    'services/sql/migrations/old/0000.sql',
    'services/sql/migrations/readme.md',
    'services/sql-other/migrations/0001.sql',
  ].map((path) => [path, '']),
);

const found = (pattern: string) =>
  filesOf({ pattern, folder: 'services/sql', files }).map((path) => path.slice('services/sql/'.length));

test.each([
  ['a file', 'migrations/readme.md', ['migrations/readme.md']],
  [
    'a folder, with all that is below it, in order of path',
    'migrations',
    [
      'migrations/0001-first.sql',
      'migrations/0002-more.sql',
      'migrations/old/0000.sql',
      'migrations/readme.md',
    ],
  ],
  ['a part of a name', 'migrations/*.sql', ['migrations/0001-first.sql', 'migrations/0002-more.sql']],
  [
    'files at any depth',
    '**/*.sql',
    ['migrations/0001-first.sql', 'migrations/0002-more.sql', 'migrations/old/0000.sql'],
  ],
  ['nothing', 'migration', []],
  ['nothing of another service', '../sql-other/migrations', []],
])('a pattern means %s', (_, pattern, expected) => {
  expect(found(pattern)).toEqual(expected);
});
