import { expect, test } from 'vitest';
import { lossesOfMigration } from './losses.ts';

const losses = (text: string) =>
  lossesOfMigration({ name: '0002.sql', path: 'services/sql/migrations/0002.sql', text }).map(
    (one) => one.text,
  );

test.each([
  'DROP TABLE turns',
  'drop schema agents cascade',
  'TRUNCATE turns',
  'DELETE FROM turns WHERE n < 3',
  'ALTER TABLE turns DROP COLUMN n',
  'ALTER TABLE turns ALTER COLUMN n TYPE public.vector(384) USING NULL',
])('a migration loses what `%s` removes, at its line', (statement) => {
  expect(losses(`CREATE TABLE a ();\n${statement};\n`)).toEqual([
    `what \`${statement.length <= 60 ? statement : `${statement.slice(0, 59)}…`}\` removes (0002.sql:2)`,
  ]);
});

test.each([
  'CREATE TABLE turns (n int)',
  'DROP INDEX turns_by_n',
  'ALTER TABLE turns DROP CONSTRAINT positive',
  'ALTER TABLE turns ALTER COLUMN n DROP NOT NULL',
  "INSERT INTO turns VALUES ('DROP TABLE turns')",
  '-- DROP TABLE turns\nSELECT 1',
])('a migration loses nothing by `%s`', (statement) => {
  expect(losses(`${statement};\n`)).toEqual([]);
});

test('a migration that says itself what it loses is believed', () => {
  expect(losses('-- arc: loses every embedding\nTRUNCATE turns;\n')).toEqual([
    'every embedding (0002.sql:1)',
  ]);
  expect(losses('-- arc: loses nothing\nDROP TABLE empty;\n')).toEqual([]);
});
