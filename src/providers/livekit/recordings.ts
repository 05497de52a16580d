import { EgressClient } from 'livekit-server-sdk';
import { apiError } from './api.ts';
import { clientOptions, type LivekitServer } from './server.ts';

/**
 * Number of recordings and streams in progress, including those that start or are being written.
 *
 * @returns 0 where the server works without egress
 * @throws if the server does not say
 */
export async function countRecordings(options: {
  server: LivekitServer;
  timeoutMilliseconds: number;
}): Promise<number> {
  const client = new EgressClient(...clientOptions(options));
  try {
    return (await client.listEgress({ active: true })).length;
  } catch (cause) {
    // Without Redis it has no egress at all.
    if (/not connected/.test(apiError(cause).message)) return 0;
    throw cause;
  }
}
