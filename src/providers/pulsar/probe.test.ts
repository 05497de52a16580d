import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { pulsarProbe } from './probe.ts';

/** Asks a broker that answers these paths with these statuses, and others never. */
async function askedOf(answers: Readonly<Record<string, number>>, fields: Readonly<Record<string, string>>) {
  const server = createServer((request, response) => {
    const status = answers[request.url ?? ''];
    if (status !== undefined) response.writeHead(status).end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const { ok, reply } = await pulsarProbe.ask({
      fields,
      address: { host: '127.0.0.1', port },
      timeoutMilliseconds: 500,
      signal: new AbortController().signal,
    });
    return { ok, reply };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const health = '/admin/v2/brokers/health';
const rotation = { rotation: 'its disk is full' };

test('a broker in rotation that is healthy is ready', async () => {
  expect(await askedOf({ [health]: 200, '/status.html': 200 }, rotation)).toEqual({
    ok: true,
    reply: '200 OK',
  });
});

test('a silent broker out of rotation says why', async () => {
  expect(await askedOf({ '/status.html': 404 }, rotation)).toEqual({ ok: false, reply: 'its disk is full' });
});

test('a silent broker in rotation is silent for another reason', async () => {
  const reply = expect.stringMatching(/^no answer within 0\.\d s$/);
  expect(await askedOf({ '/status.html': 200 }, rotation)).toEqual({ ok: false, reply });
  expect(await askedOf({}, rotation)).toEqual({ ok: false, reply });
});

test('a broker without a status file is asked for its health alone', async () => {
  expect(await askedOf({ [health]: 200, '/status.html': 404 }, {})).toEqual({ ok: true, reply: '200 OK' });
});
