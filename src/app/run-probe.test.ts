import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { failed } from '../core/errors.ts';
import type { PortProbe } from '../core/probes/probe.ts';
import { lasting, type Reach } from '../core/socket-address.ts';
import { createProber } from './run-probe.ts';

const probe = { kind: 'http', at: { role: 'web', port: 'http' }, fields: { path: '/', status: 200 } };

function ask(reach: Reach, asked: PortProbe = probe) {
  const prober = createProber({ inspect: async () => ({ state: 'running' }), reach });
  return prober({ probe: asked, timeoutMilliseconds: 5_000, signal: new AbortController().signal });
}

describe('a question at a port', () => {
  test('is asked where the port is then, and the way is given back after the answer', async () => {
    const server = createServer((_, response) => response.end('yes'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const { port } = server.address() as AddressInfo;
    const events: string[] = [];
    const answer = await ask(async ({ role, port: name }) => {
      events.push(`reach ${name} of ${role}`);
      return {
        host: '127.0.0.1',
        port,
        [Symbol.asyncDispose]: async () => {
          events.push('given back');
        },
      };
    });
    server.close();
    expect(answer).toMatchObject({ ok: true, question: `GET http://127.0.0.1:${port}/`, reply: '200 OK' });
    expect(events).toEqual(['reach http of web', 'given back']);
  });

  test('is answered in the words of a page that tells something to people, whatever its status', async () => {
    let status = 503;
    const server = createServer((_, response) =>
      response.writeHead(status).end('last backup 34 h ago\nand more'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const { port } = server.address() as AddressInfo;
    const telling = { ...probe, fields: { ...probe.fields, tells: true } };
    const at: Reach = async () => lasting({ host: '127.0.0.1', port });
    expect(await ask(at, telling)).toMatchObject({ ok: false, reply: 'last backup 34 h ago' });
    expect(await ask(at)).toMatchObject({ ok: false, reply: '503 Service Unavailable, expected 200' });
    status = 200;
    expect(await ask(at, telling)).toMatchObject({ ok: true, reply: 'last backup 34 h ago' });
    server.close();
  });

  test('that there is no way to is answered with the reason', async () => {
    const answer = await ask(async () => {
      throw failed({ code: 'port-out-of-reach', message: 'The port http of web is not published.' });
    });
    expect(answer).toMatchObject({
      ok: false,
      question: 'way to port http of web',
      reply: 'The port http of web is not published.',
    });
  });
});

test('a question about a container is put to the Engine, which needs no way', async () => {
  const prober = createProber({
    inspect: async ({ name }) => ({ state: name === 'arc-web' ? 'running' : 'exited' }),
    reach: async () => expect.unreachable(),
  });
  const answer = await prober({
    probe: { kind: 'container', name: 'arc-web' },
    timeoutMilliseconds: 1_000,
    signal: new AbortController().signal,
  });
  expect(answer).toMatchObject({ ok: true, question: 'health of arc-web by the Engine', reply: 'running' });
});
