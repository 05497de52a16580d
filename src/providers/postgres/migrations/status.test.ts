import { expect, test } from 'vitest';
import { migrationStatuses } from './status.ts';

test('a migration is pending, applied, changed or missing, with the time at which it was applied', () => {
  const at = '2026-11-30T10:00:00.000Z';
  const file = (name: string, text: string) => ({ name, text, path: `services/sql/migrations/${name}` });
  expect(
    migrationStatuses({
      spec: { files: [file('0001.sql', 'a'), file('0002.sql', 'b, edited'), file('0004.sql', 'd')] },
      applied: [
        { name: '0001.sql', text: 'a', at },
        { name: '0002.sql', text: 'b', at },
        { name: '0003.sql', text: 'c', at },
      ],
    }),
  ).toEqual([
    { name: '0001.sql', state: 'applied', at },
    { name: '0002.sql', state: 'changed', at },
    { name: '0003.sql', state: 'missing', at },
    { name: '0004.sql', state: 'pending' },
  ]);
});
