import { request } from 'node:http';
import type { SocketAddress } from '../socket-address.ts';

/** What a receiver of spans answered, and how many of them it did not take. */
export type Sent = { status: number; rejected: number; text: string };

/** No answer says more than this. */
const longestAnswer = 64 * 1024;

/**
 * Sends spans in one request.
 *
 * @param options.body as `writeSpans` makes it
 * @throws the error of the connection, also where `signal` is aborted
 */
export function sendSpans(options: {
  address: SocketAddress;
  body: string;
  signal: AbortSignal;
}): Promise<Sent> {
  const { address, body, signal } = options;
  const { host, port } = address;
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const asked = request(
      { host, port, path: '/v1/traces', method: 'POST', agent: false, headers, signal },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > longestAnswer) response.destroy();
        });
        response.on('error', reject);
        response.on('close', () =>
          resolve({ status: response.statusCode ?? 0, rejected: rejectedIn(text), text: text.trim() }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

/** `{"partialSuccess":{"rejectedSpans":"3"}}`: taken, but for three. */
function rejectedIn(text: string): number {
  try {
    const { partialSuccess } = JSON.parse(text) as { partialSuccess?: { rejectedSpans?: string | number } };
    return Number(partialSuccess?.rejectedSpans ?? 0);
  } catch {
    // An answer that is not JSON says nothing about single spans; its status does.
    return 0;
  }
}
