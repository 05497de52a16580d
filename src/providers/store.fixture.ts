import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands in for a store of logs, with answers of a real one or bad ones; `asked` are the questions' fields. */
export async function startStore(answer: (fields: URLSearchParams) => { status?: number; text: string }) {
  const asked: { path: string; fields: Readonly<Record<string, string>> }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const fields = new URLSearchParams(body);
      asked.push({ path: request.url ?? '', fields: Object.fromEntries(fields) });
      const { status = 200, text } = answer(fields);
      response.writeHead(status).end(text);
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
