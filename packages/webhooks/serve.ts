import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Accept } from './events/accept.ts';
import { webhookPath } from './events/path.ts';
import type { Verify } from './events/verify.ts';
import type { Verdict } from './health.ts';
import { SpoolError } from './spool/spool.ts';

/** LiveKit's metadata of a room and of a participant are at most 64 KB each; NATS takes 1 MB. Bytes. */
const longestBody = 512 * 1024;

/**
 * Seconds until LiveKit sends a refused event again. It sends it four times more and waits as long as it is told;
 * without being told it gives up after 15 s.
 */
const retryAfter = 10;

export type Outcome = 'kept' | 'known' | 'unsigned' | 'unreadable' | 'too_large' | 'full' | 'failed';

type Answer = { status: number; body: string; headers?: Readonly<Record<string, string>>; type?: string };

/**
 * Takes webhooks, and says how it is: `/` while it runs, `/health` in words, `/metrics` for Prometheus, `/status` as
 * JSON.
 */
export async function serve(options: {
  port: number;
  verify: Verify;
  accept: Accept;
  count: (outcome: Outcome, message?: string) => void;
  health: () => Verdict;
  metrics: () => string;
  status: () => unknown;
}): Promise<Server> {
  const pages: Readonly<Record<string, () => Answer>> = {
    '/': () => ({ status: 200, body: 'running\n' }),
    '/health': () => {
      const { level, said } = options.health();
      return {
        status: level === 'failed' ? 503 : 200,
        body: `${said}\n`,
        ...(level === 'warning' ? { headers: { 'arc-health': 'warning' } } : {}),
      };
    },
    '/metrics': () => ({
      status: 200,
      body: options.metrics(),
      type: 'text/plain; version=0.0.4; charset=utf-8',
    }),
    '/status': () => ({
      status: 200,
      body: `${JSON.stringify(options.status())}\n`,
      type: 'application/json',
    }),
  };
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    if (request.url === webhookPath)
      return request.method === 'POST' ? await take(options, request) : { status: 405, body: 'POST it\n' };
    return pages[request.url ?? '']?.() ?? { status: 404, body: 'not found\n' };
  };
  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, body, headers = {}, type = 'text/plain; charset=utf-8' }) => {
        response.writeHead(status, { 'content-type': type, ...headers }).end(body);
        // What is left of a body that is too long is not read.
        if (!request.complete) response.once('finish', () => request.destroy());
      },
      (cause: unknown) => {
        // The connection has ended.
        if (request.destroyed) return response.destroy();
        response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end(`${textOf(cause)}\n`);
      },
    );
  });
  server.requestTimeout = 10_000;
  server.headersTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, resolve);
  });
  return server;
}

async function take(
  options: { verify: Verify; accept: Accept; count: (outcome: Outcome, message?: string) => void },
  request: IncomingMessage,
): Promise<Answer> {
  const { verify, accept, count } = options;
  const body = await bodyOf(request);
  if (body === undefined) {
    count('too_large');
    return { status: 413, body: `longer than ${longestBody} bytes\n`, headers: { connection: 'close' } };
  }
  const verified = await verify({ body, authorization: request.headers.authorization });
  if ('refusal' in verified) {
    const { status, reason, message } = verified.refusal;
    count(reason);
    return { status, body: `${message}\n` };
  }
  try {
    const outcome = await accept(verified.event, body);
    count(outcome);
    return { status: 200, body: `${outcome}\n` };
  } catch (cause) {
    // Whatever it was, LiveKit still has the event.
    count(cause instanceof SpoolError ? cause.reason : 'failed', textOf(cause));
    return { status: 503, body: `${textOf(cause)}\n`, headers: { 'retry-after': String(retryAfter) } };
  }
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** @returns nothing where it is longer than it may be */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > longestBody) return undefined;
  let length = 0;
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
