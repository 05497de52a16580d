import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { inContext, writeTraceparent } from '../../spans/context.ts';
import { HttpProblem } from '../service/http/problem.ts';
import { forward } from './forward.ts';

/** What the request is a part of. */
const span = { traceId: '1'.repeat(32), spanId: '2'.repeat(16) };

type Seen = { url: string | undefined; headers: IncomingHttpHeaders; body: string };

/** A server that answers whatever it is asked, and one that forwards to it. */
async function between(options: { upstream: 'answers' | 'away'; key?: string }) {
  const seen: Seen[] = [];
  const upstream = createServer(async (request, response) => {
    seen.push({ url: request.url, headers: request.headers, body: await text(request) });
    response.writeHead(201, { 'content-type': 'audio/pcm' }).end('sound');
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  if (options.upstream === 'away') upstream.close();
  const problems: unknown[] = [];
  const front = createServer((request, response) => {
    const engine = { kind: 'remote' as const, url, key: options.key };
    const body = Buffer.from('{"input":"Hello."}');
    const { signal } = new AbortController();
    const asked = { engine, path: '/v1/audio/speech', request, body, response, signal };
    inContext(span, () => forward(asked)).catch((cause) => {
      problems.push(cause);
      response.writeHead(cause.status).end();
    });
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  const answer = await fetch(`http://127.0.0.1:${(front.address() as AddressInfo).port}`);
  const got = { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() };
  for (const server of [upstream, front]) server.closeAllConnections();
  upstream.close();
  front.close();
  return { seen, got, problems };
}

it('sends a request to another server with its key and trace, and gives its answer', async () => {
  const { seen, got } = await between({ upstream: 'answers', key: 'the-key' });
  expect(seen).toMatchObject([
    {
      url: '/v1/audio/speech',
      headers: { authorization: 'Bearer the-key', traceparent: writeTraceparent(span) },
      body: '{"input":"Hello."}',
    },
  ]);
  expect(got).toEqual({ status: 201, type: 'audio/pcm', body: 'sound' });
});

it('has no key where none is given', async () => {
  const { seen } = await between({ upstream: 'answers' });
  expect(seen[0]?.headers).not.toHaveProperty('authorization');
});

it('says which server is away', async () => {
  const { got, problems } = await between({ upstream: 'away' });
  expect(got.status).toBe(502);
  expect(problems[0]).toBeInstanceOf(HttpProblem);
  expect(String(problems[0])).toMatch(/http:\/\/127.0.0.1:\d+ cannot be reached/);
});
