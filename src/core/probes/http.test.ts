import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { httpProbe } from './http.ts';

/** What arc says of a program that answers like this. */
async function said(answer: { status: number; headers?: Record<string, string>; text: string }) {
  const server = createServer((_, response) => {
    response.writeHead(answer.status, answer.headers).end(answer.text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const { ok, warns, reply } = await httpProbe.ask({
      fields: { path: '/health', status: 200, tells: true },
      address: { host: '127.0.0.1', port },
      timeoutMilliseconds: 5_000,
      signal: new AbortController().signal,
    });
    return { ok, warns, reply };
  } finally {
    server.close();
  }
}

it('shows what the program says of itself', async () => {
  expect(await said({ status: 200, text: '12 delivered\nmore\n' })).toEqual({
    ok: true,
    warns: undefined,
    reply: '12 delivered',
  });
});

it('is a warning where the program says so', async () => {
  expect(await said({ status: 200, headers: { 'arc-health': 'warning' }, text: '3 wait\n' })).toEqual({
    ok: true,
    warns: true,
    reply: '3 wait',
  });
});

it('is a failure with another status, whatever the header says', async () => {
  expect(await said({ status: 503, headers: { 'arc-health': 'warning' }, text: 'full\n' })).toEqual({
    ok: false,
    warns: undefined,
    reply: 'full',
  });
});
