import { expect, test } from 'vitest';
import { withoutRoles } from './globals.ts';

test('roles that a server has are left as they are', () => {
  const content = [
    'CREATE ROLE postgres;',
    'ALTER ROLE postgres WITH SUPERUSER;',
    'CREATE ROLE "agents ""A""";',
    'ALTER ROLE "agents ""A""" WITH LOGIN;',
    'CREATE ROLE reader;',
    'GRANT reader TO "agents ""A""";',
  ].join('\n');
  expect(withoutRoles({ content, existing: new Set(['postgres', 'agents "A"']) })).toBe(
    ['CREATE ROLE reader;', 'GRANT reader TO "agents ""A""";'].join('\n'),
  );
});
