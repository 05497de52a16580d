import { type Consumer, DeliverPolicy, type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { eachWithin } from '../../core/each-within.ts';
import { inOrder } from '../../core/in-order.ts';
import type { ArrivedMessage, MessageServer, Replaying } from '../messages.ts';
import { callMilliseconds, withNats } from './client.ts';
import { explainRefusals } from './failure.ts';
import { serverFor } from './publish.ts';
import { headersOf, subjectsOf } from './read-messages.ts';

/** Messages of a stream that are on their way or wait, so that a large stream does not fill the memory. */
const atOnce = 100;

/** Shows what the streams keep of some messages, each stream from its oldest message to its newest of now. */
export function replayNats(given: MessageServer & Replaying): Promise<void> {
  const { signal, onMessage } = given;
  const { server } = serverFor(given);
  return explainRefusals({ server, doing: 'read the kept messages' }, () =>
    withNats({ server, signal }, async (connection) => {
      const streams = await streamsOf({ connection, subjects: subjectsOf(given) });
      await inOrder<ArrivedMessage>({
        sources: streams.map(
          (stream) => (offer) => readStream({ given, connection, ...stream, onMessage: offer }),
        ),
        rank: ({ time }) => time ?? '',
        take: onMessage,
      });
    }),
  );
}

/** The streams that keep some of the subjects. */
async function streamsOf(options: {
  connection: NatsConnection;
  subjects: readonly string[];
}): Promise<readonly { stream: string; subjects: string[] }[]> {
  const { connection } = options;
  const manager = await jetstreamManager(connection, { timeout: callMilliseconds });
  const wanted = [...new Set(options.subjects)];
  const found = [];
  for await (const { config } of manager.streams.list()) {
    const { name: stream, subjects: patterns = [] } = config;
    const subjects = wanted.filter((subject) => patterns.some((pattern) => matches(pattern, subject)));
    if (subjects.length > 0) found.push({ stream, subjects });
  }
  return found;
}

/** Reads by a consumer that nobody else knows and that the server forgets, so nobody's place changes. */
async function readStream(options: {
  given: Pick<Replaying, 'since'> & { signal: AbortSignal };
  connection: NatsConnection;
  stream: string;
  subjects: string[];
  onMessage: Replaying['onMessage'];
}): Promise<void> {
  const { given, connection, stream, subjects, onMessage } = options;
  const { since, signal } = given;
  const consumer = await jetstream(connection, { timeout: callMilliseconds }).consumers.get(stream, {
    filter_subjects: subjects,
    ...(since === undefined
      ? { deliver_policy: DeliverPolicy.All }
      : { deliver_policy: DeliverPolicy.StartTime, opt_start_time: since.toISOString() }),
  });
  try {
    await readConsumer({ consumer, stream, onMessage, signal });
  } finally {
    // The server forgets it sooner or later, also where this fails.
    await consumer.delete().catch(() => undefined);
  }
}

async function readConsumer(options: {
  consumer: Consumer;
  stream: string;
  onMessage: Replaying['onMessage'];
  signal: AbortSignal;
}): Promise<void> {
  const { consumer, stream, onMessage, signal } = options;
  let { num_pending: left } = await consumer.info(true);
  if (left === 0) return;
  const late = (): Error =>
    new Error(`the stream ${stream} has ${left} more, and none came for ${callMilliseconds / 1000} s`);
  const messages = await consumer.consume({ max_messages: atOnce });
  const each = eachWithin<JsMsg>({ source: messages, milliseconds: callMilliseconds, late, signal });
  for await (const message of each) {
    // What arrives meanwhile is not part of what was asked for, so this only counts down.
    left = Math.min(left - 1, message.info.pending);
    await onMessage(kept(message));
    if (left <= 0) break;
  }
}

/** Whether a subject is one of a pattern: `*` is a token, `>` all that follow. */
export function matches(pattern: string, subject: string): boolean {
  const [wanted, given] = [pattern.split('.'), subject.split('.')];
  for (const [at, token] of wanted.entries()) {
    if (token === '>') return given.length > at;
    if (given[at] === undefined || (token !== '*' && token !== given[at])) return false;
  }
  return wanted.length === given.length;
}

function kept(message: JsMsg): ArrivedMessage {
  const time = new Date(message.time).toISOString();
  return { subject: message.subject, headers: headersOf(message.headers), body: message.string(), time };
}
