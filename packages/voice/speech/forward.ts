import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { traceHeaders } from '../../spans/context.ts';
import { HttpProblem } from '../service/http/problem.ts';
import type { Engine } from './config.ts';

/** How long another server may take until it begins to answer. */
const patience = 30_000;

/**
 * Sends a request on to another server, as it is, and its answer back, piece by piece.
 *
 * @throws HttpProblem 502 where it cannot be reached, 504 where it takes too long
 */
export async function forward(options: {
  engine: Engine & { kind: 'remote' };
  path: string;
  request: IncomingMessage;
  body: Buffer;
  response: ServerResponse;
  signal: AbortSignal;
}): Promise<void> {
  const { engine, path, request, body, response, signal } = options;
  const answer = await ask({
    engine,
    path,
    request,
    body,
    signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
  });
  const type = answer.headers.get('content-type');
  response.writeHead(answer.status, type === null ? {} : { 'content-type': type });
  if (answer.body === null) response.end();
  else await pipeline(answer.body, response, { signal });
}

async function ask(options: {
  engine: Engine & { kind: 'remote' };
  path: string;
  request: IncomingMessage;
  body: Buffer;
  signal: AbortSignal;
}): Promise<Response> {
  const { engine, path, request, body, signal } = options;
  const headers = new Headers({
    'content-type': request.headers['content-type'] ?? 'application/octet-stream',
    ...traceHeaders(),
  });
  if (engine.key !== undefined) headers.set('authorization', `Bearer ${engine.key}`);
  try {
    return await fetch(`${engine.url}${path}`, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
      signal,
    });
  } catch (cause) {
    const late = cause instanceof DOMException && cause.name === 'TimeoutError';
    throw new HttpProblem({
      status: late ? 504 : 502,
      code: late ? 'upstream_late' : 'upstream_away',
      message: late
        ? `${engine.url} did not answer within ${patience / 1000} s.`
        : `${engine.url} cannot be reached.`,
    });
  }
}
