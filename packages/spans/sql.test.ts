import { expect, it } from 'vitest';
import type { Attributes } from './span.ts';
import type { Begin, Spans } from './spans.ts';
import { observeQueries, summaryOf } from './sql.ts';

/** Spans as they were begun, with what was said of them until their end. */
function seenSpans() {
  const seen: { name: string; attributes: Attributes; error?: string; isOver: boolean }[] = [];
  const begin = ({ name, attributes = {} }: Begin) => {
    const one: (typeof seen)[number] = { name, attributes, isOver: false };
    seen.push(one);
    return {
      traceparent: '',
      set: (more: Attributes) => {
        one.attributes = { ...one.attributes, ...more };
      },
      fail: (cause: unknown) => {
        one.error = String(cause);
      },
      end: () => {
        one.isOver = true;
      },
    };
  };
  const spans: Pick<Spans, 'begin'> = { begin };
  return { seen, spans: spans as Spans };
}

const refused = Object.assign(new Error('Key (id)=(ada@example.org) already exists.'), { code: '23505' });

it('a query is a span with its database, without its values', async () => {
  const { seen, spans } = seenSpans();
  const client = { query: async () => ({ rows: [] }), host: 'arc-sql', port: 5432, database: 'arc' };
  observeQueries({ client, spans });
  await (client.query as (...given: unknown[]) => Promise<unknown>)(
    "SELECT * FROM agents.turns WHERE user_id = 'ada' AND n = 7 AND id = $1",
    ['secret'],
  );
  expect(seen).toEqual([
    {
      name: 'SELECT agents.turns',
      attributes: {
        'db.system.name': 'postgresql',
        'db.operation.name': 'SELECT',
        'db.query.summary': 'SELECT agents.turns',
        'db.query.text': 'SELECT * FROM agents.turns WHERE user_id = ? AND n = ? AND id = $1',
        'db.namespace': 'arc',
        'server.address': 'arc-sql',
        'server.port': 5432,
      },
      isOver: true,
    },
  ]);
});

it('one that fails says its code, and not the words, which hold values', async () => {
  const { seen, spans } = seenSpans();
  const client = { query: () => Promise.reject(refused) };
  observeQueries({ client, spans });
  await expect(
    (client.query as (text: string) => Promise<unknown>)('INSERT INTO a.b VALUES (1)'),
  ).rejects.toBe(refused);
  expect(seen.at(-1)).toMatchObject({
    name: 'INSERT a.b',
    error: 'Error: the database answered 23505',
    attributes: { 'db.response.status_code': '23505' },
    isOver: true,
  });
});

it('a pool, which asks with a callback, is answered as before', () => {
  const { seen, spans } = seenSpans();
  const client = {
    query: (_text: string, _values: unknown[], done: (failure: unknown, result?: unknown) => void) =>
      done(null, 7),
  };
  observeQueries({ client, spans });
  const answers: unknown[] = [];
  client.query('SELECT privacy.key_by_id($1)', ['x'], (...answer) => answers.push(...answer));
  expect(answers).toEqual([null, 7]);
  expect(seen).toMatchObject([{ name: 'SELECT privacy.key_by_id', isOver: true }]);
  expect(seen[0]).not.toHaveProperty('error');
});

it.each([
  ["SELECT E'it\\'s ada', 'o''hara', $$ada's$$, $a$x$$y$a$ FROM t", 'SELECT ?, ?, ?, ? FROM t'],
  ['UPDATE t2 SET a = 1.5, b1 = -7 WHERE c = $1', 'UPDATE t2 SET a = ?, b1 = -? WHERE c = $1'],
])('%s has no values', async (text, shown) => {
  const { seen, spans } = seenSpans();
  const client = { query: async () => undefined };
  observeQueries({ client, spans });
  await (client.query as (text: string) => Promise<unknown>)(text);
  expect(seen[0]?.attributes['db.query.text']).toBe(shown);
});

it.each([
  ['SELECT id, key FROM privacy.key_of_user($1)', 'SELECT privacy.key_of_user'],
  ['  begin', 'BEGIN'],
  ['DROP DATABASE IF EXISTS "arc_restored_1" WITH (FORCE)', 'DROP "arc_restored_1"'],
  ['SELECT pg_current_xact_id()', 'SELECT pg_current_xact_id'],
  ["SELECT set_config('a', ' FROM b', false)", 'SELECT set_config'],
])('%s is shown as %s', (text, summary) => {
  expect(summaryOf(text)).toBe(summary);
});
