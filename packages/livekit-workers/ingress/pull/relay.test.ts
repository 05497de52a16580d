import { createServer, get, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { relay } from './relay.ts';

async function listen(handle: RequestListener): Promise<number> {
  const server: Server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** What comes of an answer at the other side of a relay, and what was wrong with it. */
async function relayed(answer: RequestListener) {
  const base = new URL(`http://127.0.0.1:${await listen(answer)}/films/live.m3u8`);
  const failures: string[] = [];
  const port = await listen((_, response) => {
    get(base, (answer) => {
      const failed = (cause: Error): void => {
        failures.push(cause.message);
        response.destroy();
      };
      relay({ answer, response, base, failed });
      // Of the request, which is told of the same.
    }).on('error', () => {});
  });
  return new Promise<{
    status: number;
    headers: NodeJS.Dict<string | string[]>;
    body: string;
    failures: string[];
  }>((resolve) => {
    get(`http://127.0.0.1:${port}`, async (response) => {
      const { statusCode: status = 0, headers } = response;
      resolve({ status, headers, body: await text(response).catch(String), failures });
    }).on('error', (cause) => resolve({ status: 0, headers: {}, body: String(cause), failures }));
  });
}

describe('an answer', () => {
  it('is handed on as it is', async () => {
    const bytes = 'x'.repeat(300_000);
    const { status, headers, body } = await relayed((_, response) => {
      response.writeHead(206, { 'content-range': 'bytes 1-300000/300001' }).end(bytes);
    });
    expect([status, headers['content-range'], body === bytes]).toEqual([206, 'bytes 1-300000/300001', true]);
  });

  it.each(['', '#EXT'])('may be shorter than what tells a playlist: "%s"', async (short) => {
    const { status, body } = await relayed((_, response) => response.end(short));
    expect([status, body]).toEqual([200, short]);
  });

  it('leads to an address with TLS in disguise, and elsewhere as it says', async () => {
    const to = async (location: string) =>
      (await relayed((_, response) => response.writeHead(302, { location }).end())).headers.location;
    expect(await to('https://example.org/a?b')).toMatch(/^http:\/\/[0-9a-f]+\.pull\.invalid\/a\?b$/);
    expect(await to('http://example.org/a')).toBe('http://example.org/a');
    expect(await to('part.ts')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/films\/part\.ts$/);
  });

  it('that ends too early is said to be wrong', async () => {
    const { failures } = await relayed((_, response) => {
      response.writeHead(200, { 'content-length': 100_000 });
      response.write('x'.repeat(10_000), () => response.destroy());
    });
    expect(failures).toEqual(['aborted']);
  });
});

describe('a playlist', () => {
  it('has its addresses with TLS in disguise, and the length that it has then', async () => {
    const { status, headers, body } = await relayed((_, response) => {
      const list = '#EXTM3U\n#EXTINF:2,\nhttps://example.org/part.ts\n';
      response.writeHead(206, { 'content-length': list.length, 'content-range': 'bytes 0-50/51' }).end(list);
    });
    expect(body).toMatch(/^#EXTM3U\n#EXTINF:2,\nhttp:\/\/[0-9a-f]+\.pull\.invalid\/part\.ts\n$/);
    expect(status).toBe(200);
    expect(headers['content-range']).toBeUndefined();
  });

  it('of more than 2 MiB is not taken', async () => {
    const { failures } = await relayed((_, response) => {
      response.end(`#EXTM3U\n${'#EXTINF:2,\npart.ts\n'.repeat(200_000)}`);
    });
    expect(failures).toEqual(['its playlist is longer than 2 MiB']);
  });
});
