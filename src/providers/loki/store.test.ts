import { describe, expect, test } from 'vitest';
import { startStore } from '../store.fixture.ts';
import { logql, lokiStore } from './store.ts';

const { signal } = new AbortController();

describe('a search of Loki', () => {
  test.each([
    ['of everything leaves out what arc itself sent', {}, '{role=~".+", role!="health"}'],
    ['is for roles', { roles: ['cache', 'sql'] }, '{role=~"cache|sql"}'],
    [
      'is for a text as it is written, and for levels',
      { text: 'a.b "q" [x]', levels: ['error', 'fatal'] as const },
      '{role=~".+", role!="health"} |~ "(?i)a\\\\.b \\"q\\" \\\\[x\\\\]" | level=~"error|fatal"',
    ],
  ])('%s', (_, query, text) => {
    expect(logql(query)).toBe(text);
  });

  test('finds the lines of all streams in order of time', async () => {
    const cache = { role: 'cache', container: 'arc-cache', level: 'info', stream: 'stdout' };
    const sql = { role: 'sql', container: 'arc-sql' };
    const result = [
      {
        stream: cache,
        values: [
          ['1796043459739314283', 'last'],
          ['1796043459739314278', 'first'],
        ],
      },
      { stream: sql, values: [['1796043459739314280', 'between']] },
    ];
    const answer = { status: 'success', data: { resultType: 'streams', result } };
    await using server = await startStore(() => ({ text: JSON.stringify(answer) }));
    const query = { since: 1_796_043_000_000, until: 1_796_044_000_000, limit: 7 };
    const found = await lokiStore.search({ address: server.address, query, signal });
    expect(found).toEqual([
      { time: '2026-11-30T12:57:39.739314278Z', ...cache, line: 'first' },
      { time: '2026-11-30T12:57:39.739314280Z', ...sql, line: 'between' },
      { time: '2026-11-30T12:57:39.739314283Z', ...cache, line: 'last' },
    ]);
    expect(server.asked).toEqual([
      {
        path: '/loki/api/v1/query_range',
        fields: {
          query: logql({}),
          start: '1796043000000000000',
          end: '1796044000000000000',
          direction: 'backward',
          limit: '7',
        },
      },
    ]);
  });

  test.each([
    ['in its words', 400, 'parse error at line 1', '400 parse error at line 1'],
    ['where the answer is none', 200, '{"data":{}}', 'an answer without a list of streams'],
  ])('fails %s', async (_, status, text, words) => {
    await using server = await startStore(() => ({ status, text }));
    const query = { since: 0, limit: 1 };
    await expect(lokiStore.search({ address: server.address, query, signal })).rejects.toThrow(words);
  });
});
