import { request } from 'node:http';
import type { SocketAddress } from '../../core/socket-address.ts';

/** Traces of a busy day; more is a mistake of the question. */
const longestAnswer = 64 * 1024 * 1024;

/** What Jaeger's query API answered, which says no more than its status where `found` is false. */
export type Got = { found: true; data: unknown } | { found: false };

/**
 * Asks Jaeger's query API, on a connection of its own.
 *
 * @param options.path with its query: `/api/v3/services`
 * @returns `found: false` for what Jaeger does not have (404)
 * @throws Error for any other answer, with Jaeger's words, and for what is not JSON
 */
export function getJson(options: {
  address: SocketAddress;
  path: string;
  signal: AbortSignal;
}): Promise<Got> {
  const { address, path, signal } = options;
  const { host, port } = address;
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, path, agent: false, signal }, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > longestAnswer)
          response.destroy(new Error(`an answer of more than ${longestAnswer} bytes`));
      });
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const { statusCode = 0 } = response;
        if (statusCode === 404) return resolve({ found: false });
        try {
          const data: unknown = JSON.parse(text);
          if (statusCode === 200) resolve({ found: true, data });
          else reject(new Error(`${statusCode}: ${messageIn(data) ?? text.slice(0, 200)}`));
        } catch {
          reject(new Error(`${statusCode}, and not JSON: ${text.slice(0, 200).trim()}`));
        }
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** `{"error":{"message":"…"}}` */
function messageIn(data: unknown): string | undefined {
  const { error } = data as { error?: { message?: unknown } };
  return typeof error?.message === 'string' ? error.message : undefined;
}
