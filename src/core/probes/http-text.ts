import { request } from 'node:http';
import type { SocketAddress } from '../socket-address.ts';

/** No page of metrics is longer than this. */
const longestText = 8 * 1024 * 1024;

/**
 * The text of a page, on a connection of its own.
 *
 * @throws the error of the connection; Error where the page is longer than 8 MiB
 */
export function httpText(options: {
  address: SocketAddress;
  path: string;
  signal: AbortSignal;
}): Promise<{ status: number; text: string }> {
  const { address, path, signal } = options;
  const { host, port } = address;
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, path, agent: false, signal }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > longestText) response.destroy(new Error('the page is longer than 8 MiB'));
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.on('error', reject);
    asked.end();
  });
}
