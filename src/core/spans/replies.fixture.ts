import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a stand-in for Jaeger answers to one request; undefined: never. */
export type Reply = { status: number; text: string } | undefined;

/**
 * Stands in for Jaeger and for receivers of spans where their answers are to be bad, slow or missing. What real ones
 * answer is tested with a real Jaeger.
 */
export async function startReplies(answer: (request: IncomingMessage, body: string) => Reply) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      asked.push(`${request.method} ${request.url}`);
      const reply = answer(request, body);
      if (reply) response.writeHead(reply.status).end(reply.text);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    address: { host: '127.0.0.1', port },
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
