import { createServer } from 'node:http';
import type { RedisBus } from '../rpc/redis-bus.ts';

export type Health = { port: number; close: () => Promise<void> };

/** Until a question to Redis or the server counts as not answered. Milliseconds. */
const questionLimit = 1_500;

/**
 * Paths and answers of upstream's worker: `/` is whether it works, `/availability` whether it would take one more stream. Unlike
 * there, both are 503 when Redis or the server cannot be reached, for then no stream could be taken in.
 */
export async function serveHealth(options: {
  port: number;
  wsUrl: string;
  redis: Pick<RedisBus, 'isReady' | 'ping'>;
  canAccept: () => boolean;
}): Promise<Health> {
  const { port, wsUrl, redis, canAccept } = options;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const answer = (status: number, text: string): void => {
      response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(text);
    };
    if (path !== '/' && path !== '/availability') return answer(404, 'Not found');
    void problem({ wsUrl, redis }).then((found) => {
      if (found) answer(503, found);
      else if (path === '/') answer(200, 'Healthy');
      else if (canAccept()) answer(200, 'Available');
      else answer(503, 'No availability');
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
