import { describe, expect, test } from 'vitest';
import { startStore } from '../store.fixture.ts';
import { victorialogs } from './provider.ts';
import { logsql, victorialogsStore } from './store.ts';

const { signal } = new AbortController();
const fields = '| fields _time, _msg, role, container, stream, level';

describe('a search of VictoriaLogs', () => {
  test.each([
    ['of everything leaves out what arc itself sent', {}, `{role!="health"} ${fields}`],
    ['is for roles', { roles: ['cache', 'sql'] }, `{role=~"cache|sql"} ${fields}`],
    [
      'is for a text as it is written, and for levels',
      { text: 'a.b "q" [x]', levels: ['error', 'fatal'] as const },
      `{role!="health"} level:in(error,fatal) _msg:~"(?i)a\\\\.b \\"q\\" \\\\[x\\\\]" ${fields}`,
    ],
  ])('%s', (_, query, text) => {
    expect(logsql(query)).toBe(text);
  });

  test('finds lines in order of time, with nine digits after the second', async () => {
    const line = { role: 'cache', container: 'arc-cache', stream: 'stdout' };
    await using server = await startStore(() => ({
      text: `${[
        { _time: '2026-11-30T12:57:39.7Z', _msg: 'later', ...line, level: 'warn' },
        { _time: '2026-11-30T12:57:39.123456789Z', ...line },
      ]
        .map((one) => JSON.stringify(one))
        .join('\n')}\n`,
    }));
    const { address } = server;
    const query = { since: 1_000, until: 2_000, limit: 5 };
    expect(await victorialogsStore.search({ address, query, signal })).toEqual([
      { time: '2026-11-30T12:57:39.123456789Z', ...line, line: '' },
      { time: '2026-11-30T12:57:39.700000000Z', ...line, line: 'later', level: 'warn' },
    ]);
    expect(server.asked).toEqual([
      {
        path: '/select/logsql/query',
        fields: {
          query: logsql({}),
          start: '1970-01-01T00:00:01.000Z',
          end: '1970-01-01T00:00:02.000Z',
          limit: '5',
        },
      },
    ]);
  });

  test('fails with its words', async () => {
    await using server = await startStore(() => ({ status: 503, text: 'too many requests\n' }));
    const { address } = server;
    const query = { since: 0, limit: 1 };
    await expect(victorialogsStore.search({ address, query, signal })).rejects.toThrow(
      '503 too many requests',
    );
  });

  test('is what its probe asks', async () => {
    await using good = await startStore(() => ({ text: '' }));
    await using bad = await startStore(() => ({ status: 500, text: 'no disk' }));
    const ask = ({ address }: typeof good) =>
      victorialogs.probe.ask({ fields: {}, address, signal, timeoutMilliseconds: 2_000 });
    expect(await ask(good)).toMatchObject({ ok: true, reply: 'reads its storage' });
    expect(await ask(bad)).toMatchObject({ ok: false, reply: '500 no disk' });
  });
});
