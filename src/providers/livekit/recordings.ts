import { EgressClient } from 'livekit-server-sdk';
import type { Recording, ServerQuestion } from '../recordings.ts';
import { apiError } from './api.ts';
import { recordingOf } from './recording-of.ts';
import { clientOptions, type LivekitServer, livekitServer } from './server.ts';

const timeoutMilliseconds = 5_000;

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

/**
 * The recordings that run, and those that ended less than a day ago: after that the server forgets them
 * (`RedisStore.CleanEndedEgress`).
 *
 * @returns none where the server works without egress
 * @throws if the server does not say
 */
export async function listRecordings(question: ServerQuestion): Promise<readonly Recording[]> {
  const { server, reach, signal } = question;
  const [{ at, fields }] = server.probes;
  await using address = await reach(at, signal);
  const client = new EgressClient(
    ...clientOptions({ server: livekitServer({ fields, address }), timeoutMilliseconds }),
  );
  try {
    return (await client.listEgress()).map(recordingOf);
  } catch (cause) {
    if (/not connected/.test(apiError(cause).message)) return [];
    throw cause;
  }
}
