import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export type SeenRequest = { line: string; authorization: string | undefined; body: string };
export type GivenAnswer = {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
};

/** A server on loopback that answers as a test says, for what no real registry can be brought to do. */
export type TestServer = { address: string; seen: SeenRequest[]; close: () => Promise<void> };

export async function startServer(
  answer: (request: SeenRequest) => GivenAnswer | Promise<GivenAnswer>,
): Promise<TestServer> {
  const seen: SeenRequest[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked = {
      line: `${request.method} ${request.url}`,
      authorization: request.headers.authorization,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    seen.push(asked);
    const { status, headers, body } = await answer(asked);
    response.writeHead(status, headers).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
