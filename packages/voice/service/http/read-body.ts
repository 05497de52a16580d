import type { IncomingMessage } from 'node:http';
import { HttpProblem } from './problem.ts';

/**
 * All bytes of a request.
 *
 * @param most bytes that are taken
 * @throws HttpProblem 413 where there are more
 */
export async function readBody(request: IncomingMessage, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > most)
      throw new HttpProblem({
        status: 413,
        code: 'too_large',
        message: `The body has more than ${most} bytes.`,
      });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/**
 * The object that a request's body is.
 *
 * @throws HttpProblem 400 where it is none, 413
 */
export async function readObject(request: IncomingMessage, most: number): Promise<Record<string, unknown>> {
  const text = (await readBody(request, most)).toString('utf8');
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new HttpProblem({ status: 400, code: 'not_an_object', message: 'The body is not a JSON object.' });
  return value as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HttpProblem({ status: 400, code: 'not_json', message: `The body is not JSON: ${why}.` });
  }
}
