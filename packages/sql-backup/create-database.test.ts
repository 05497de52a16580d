import { escapeIdentifier, escapeLiteral } from 'pg';
import { expect, test } from 'vitest';
import { creationStatements } from './create-database.ts';

test('a database is created as it was: owner, locale, settings and who may use it', () => {
  expect(
    creationStatements({
      name: 'new',
      quote: { escapeIdentifier, escapeLiteral },
      creation: {
        owner: 'agents',
        encoding: 'UTF8',
        localeProvider: 'b',
        collate: 'C',
        ctype: 'C',
        locale: 'C.UTF-8',
        settings: ['work_mem=8MB', 'search_path="$user", agents'],
        grants: [
          { grantee: 'agents', privilege: 'CREATE', grantable: false },
          { grantee: '', privilege: 'CONNECT', grantable: false },
          { grantee: 'reader', privilege: 'TEMPORARY', grantable: true },
        ],
      },
    }),
  ).toEqual([
    `CREATE DATABASE "new" OWNER "agents" TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin LC_COLLATE 'C' LC_CTYPE 'C' BUILTIN_LOCALE 'C.UTF-8'`,
    `ALTER DATABASE "new" SET "work_mem" TO '8MB'`,
    `ALTER DATABASE "new" SET "search_path" TO "$user", agents`,
    'REVOKE ALL ON DATABASE "new" FROM PUBLIC',
    'GRANT CONNECT ON DATABASE "new" TO PUBLIC',
    'GRANT TEMPORARY ON DATABASE "new" TO "reader" WITH GRANT OPTION',
  ]);
});
