import { expect, test } from 'vitest';
import { emptyMigration, nextMigrationName, resizeMigration } from './draft.ts';
import { splitStatements } from './statements.ts';

test.each([
  [[], 'first', '0001_first.sql'],
  [['0001_a.sql', '0009_b.sql'], 'Add summaries', '0010_add_summaries.sql'],
  [['001_a.sql', 'notes.sql'], 'more-turns', '0002_more_turns.sql'],
  [['20260101_a.sql'], 'b', '20260102_b.sql'],
])('after %j comes %j as %s', (names, title, name) => {
  expect(nextMigrationName({ names, title })).toBe(name);
});

test('a draft has no statement yet', () => {
  expect(splitStatements(emptyMigration('add summaries'))).toEqual([]);
});

test('a draft that gives vectors another size says what is lost', () => {
  expect(resizeMigration({ title: 'smaller', columns: ['agents.turns.embedding'], dimensions: 384 })).toBe(
    `-- Smaller: say why.
-- arc: loses every vector in agents.turns.embedding; its rows stay
-- The rows have to be embedded again, by whoever has the texts and the embedder.
ALTER TABLE agents.turns ALTER COLUMN embedding TYPE public.vector(384) USING NULL;
`,
  );
});
