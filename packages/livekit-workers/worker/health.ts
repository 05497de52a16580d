import { createServer } from 'node:http';
import type { RedisBus } from '../rpc/redis-bus.ts';

export type Health = { port: number; close: () => Promise<void> };

/** Until a question to Redis or the server counts as not answered. Milliseconds. */
const questionLimit = 1_500;

/** What a worker answers that works: nothing for a path that it does not have. */
export type Answer = (path: string) => { status: number; type: string; text: string } | undefined;

/**
 * Unlike upstream's workers, which answer as long as they live, every path that there is answers 503 when Redis or the server
 * cannot be reached, for then no job could be done.
 */
export async function serveHealth(options: {
  port: number;
  wsUrl: string;
  redis: Pick<RedisBus, 'isReady' | 'ping'>;
  answer: Answer;
}): Promise<Health> {
  const { port, wsUrl, redis } = options;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const send = (status: number, text: string, type = 'text/plain'): void => {
      response.writeHead(status, { 'content-type': type, connection: 'close' }).end(text);
    };
    const answer = options.answer(path);
    if (!answer) return send(404, 'Not found');
    void problem({ wsUrl, redis }).then((found) => {
      if (found) send(503, found);
      else send(answer.status, answer.text, answer.type);
    });
  });
  server.requestTimeout = 5_000;
  server.headersTimeout = 5_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** @returns what cannot be reached, if anything */
async function problem(options: {
  wsUrl: string;
  redis: Pick<RedisBus, 'isReady' | 'ping'>;
}): Promise<string | undefined> {
  const { wsUrl, redis } = options;
  if (!redis.isReady()) return 'Redis cannot be reached';
  try {
    await redis.ping();
  } catch {
    return 'Redis does not answer';
  }
  try {
    const url = wsUrl.replace(/^ws/, 'http');
    const { status } = await fetch(url, { signal: AbortSignal.timeout(questionLimit) });
    return status === 200 ? undefined : `the server answers with ${status}`;
  } catch {
    return 'the server cannot be reached';
  }
}
