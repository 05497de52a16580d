import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { lasting } from '../core/socket-address.ts';
import { logLineProbe } from './log-line.ts';
import type { LogQuery, LogStore } from './log-store.ts';

/** Takes whatever is sent, and knows nothing of it. */
async function startCollector() {
  let received = Buffer.alloc(0);
  const server = createServer((socket) => {
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    address: { host: '127.0.0.1', port },
    received: () => received,
    [Symbol.asyncDispose]: () => new Promise<void>((done) => server.close(() => done())),
  };
}

function storeThat(search: (query: LogQuery) => number): LogStore {
  const line = { time: '', container: 'arc-health', role: 'health', line: '' };
  return { search: async ({ query }) => Array.from({ length: search(query) }, () => line) };
}

const fields = { role: 'logs', store: 'http', tech: 'loki' };
const { signal } = new AbortController();
const way = async () => lasting({ host: '127.0.0.1', port: 1 });
const limits = { signal, timeoutMilliseconds: 5_000 };

describe('a line that is sent as the Engine sends it', () => {
  test('is looked for by its own text until it is found', async () => {
    await using collector = await startCollector();
    const { address } = collector;
    const queries: LogQuery[] = [];
    const store = storeThat((query) => queries.push(query) - 2);
    const probe = logLineProbe(new Map([['loki', store]]));
    expect(await probe.ask({ fields, address, way, ...limits })).toMatchObject({
      ok: true,
      question: `line sent to 127.0.0.1:${address.port} and searched for in logs`,
      reply: expect.stringMatching(/^found after \d+ ms$/),
    });
    expect(queries).toHaveLength(3);
    const sent = collector.received().toString('latin1');
    expect(sent).toContain(queries[0]?.text);
    expect(queries[0]).toMatchObject({ text: expect.stringContaining('arc health '), roles: ['health'] });
  });

  test('is an answer within the time limit where it is never found', async () => {
    await using collector = await startCollector();
    const probe = logLineProbe(new Map([['loki', storeThat(() => 0)]]));
    const asked = { fields, address: collector.address, way, signal, timeoutMilliseconds: 300 };
    expect(await probe.ask(asked)).toMatchObject({ ok: false, reply: 'no answer within 0.3 s' });
  });

  test('is told as not taken where nobody takes it', async () => {
    const collector = await startCollector();
    await collector[Symbol.asyncDispose]();
    const probe = logLineProbe(new Map([['loki', storeThat(() => 1)]]));
    const asked = { fields, address: collector.address, way, ...limits };
    expect(await probe.ask(asked)).toMatchObject({ ok: false, reply: 'connection refused' });
  });

  test('needs a technology that arc can search', async () => {
    await using collector = await startCollector();
    const asked = { fields, address: collector.address, way, ...limits };
    expect(await logLineProbe(new Map()).ask(asked)).toMatchObject({
      ok: false,
      reply: 'arc cannot search loki',
    });
  });
});
