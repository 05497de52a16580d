import { JetStreamApiError, type JetStreamManager, type StreamInfo } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { callMilliseconds } from '../client.ts';

/**
 * How many messages of a stream are older than some age: those before the first that is younger. It counts what was
 * deleted in between as well, so it is exact where nobody deletes single messages.
 */
export async function countExpired(options: {
  connection: NatsConnection;
  info: StreamInfo;
  seconds: number;
}): Promise<number> {
  const { connection, info, seconds } = options;
  const { messages, first_seq: first, first_ts } = info.state;
  const since = new Date((info.ts === undefined ? Date.now() : Date.parse(info.ts)) - seconds * 1000);
  if (Date.parse(String(first_ts)) >= since.getTime()) return 0;
  const kept = await firstSince({ connection, stream: info.config.name, since });
  return kept === undefined ? messages : Math.min(messages, kept - first);
}

/** The number of the first message since a moment: `start_time`, which the client's own call does not offer. */
async function firstSince(options: {
  connection: NatsConnection;
  stream: string;
  since: Date;
}): Promise<number | undefined> {
  const { connection, stream, since } = options;
  const reply = await connection.request(
    `$JS.API.STREAM.MSG.GET.${stream}`,
    JSON.stringify({ start_time: since.toISOString() }),
    { timeout: callMilliseconds },
  );
  const { message, error } = reply.json<{
    message?: { seq: number };
    error?: ConstructorParameters<typeof JetStreamApiError>[0];
  }>();
  if (error !== undefined && error.code !== 404) throw new JetStreamApiError(error);
  return message?.seq;
}

/** How many messages the consumer that has most to read has still to acknowledge. */
export async function countNeeded(options: { manager: JetStreamManager; stream: string }): Promise<number> {
  let most = 0;
  for await (const { num_pending, num_ack_pending } of options.manager.consumers.list(options.stream))
    most = Math.max(most, num_pending + num_ack_pending);
  return most;
}
