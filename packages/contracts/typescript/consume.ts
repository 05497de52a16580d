import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, JsMsg } from '@nats-io/jetstream';
import type { Contract } from './contract.ts';
import { type Link, type Subscription, track } from './link.ts';
import { ContractError } from './problem.ts';
import { settle } from './settle.ts';
import { type Handle, subscriptionOf } from './subscribe.ts';

/** How long one question for the next message lasts. */
const askMilliseconds = 5_000;

/** Pause after a question that failed: the server or the consumer is away, and may come back. */
const pauseMilliseconds = 250;

/**
 * Receives the messages of a contract from the stream that keeps them, by this role's durable consumer: each at least
 * once, one after the other, also those that were published while this program was away. A message is acknowledged once
 * `handle` has returned. What `handle` fails on is delivered again after a pause, up to the deliveries that the contract
 * allows. What fails then, and what breaks the contract, is a dead letter: it leaves the stream once another stream has
 * it, and comes again until then.
 *
 * @throws ContractError `not-a-subscriber`, `no-channel`; what the server answers where the consumer does not exist
 */
export async function consume<Data extends object>(
  link: Link,
  given: { contract: Contract<Data, object>; handle: Handle<Data> },
): Promise<Subscription> {
  const { contract, handle } = given;
  const { subscriber } = subscriptionOf(link, contract);
  const stream = contract.nats?.stream;
  const { durable, deliveries } = subscriber;
  if (stream === undefined || durable === undefined || deliveries === undefined) {
    throw new ContractError({
      code: 'no-channel',
      contract: contract.name,
      message: `${link.role} has no durable consumer of it`,
    });
  }
  const consumer = await link.stream.consumers.get(stream, durable);
  const { config } = await consumer.info(true);
  const ackMilliseconds = (config.ack_wait ?? 30_000_000_000) / 1_000_000;
  const ending = new AbortController();
  const handling = takeAll({
    link,
    consumer,
    signal: ending.signal,
    take: (message) => settle({ link, contract, handle, message, deliveries, ackMilliseconds }),
  });
  const stop = async (): Promise<void> => ending.abort();
  return track({ link, stop, handling });
}

/** Takes one message after the other. More would wait here until the server takes them for lost. */
async function takeAll(options: {
  link: Link;
  consumer: Consumer;
  signal: AbortSignal;
  take: (message: JsMsg) => Promise<void>;
}): Promise<void> {
  const { link, consumer, signal, take } = options;
  let reported = '';
  while (!signal.aborted && !link.connection.isClosed()) {
    try {
      const message = await next(consumer, signal);
      if (message !== undefined) await take(message);
      reported = '';
    } catch (cause) {
      const problem = cause instanceof Error ? cause : new Error(String(cause));
      // The same again says nothing new.
      if (problem.message !== reported && !signal.aborted) link.report(problem);
      reported = problem.message;
      await sleep(pauseMilliseconds);
    }
  }
}

/** The next message; undefined where none comes for a while. */
async function next(consumer: Consumer, signal: AbortSignal): Promise<JsMsg | undefined> {
  const messages = await consumer.fetch({ max_messages: 1, expires: askMilliseconds });
  const stop = (): void => void messages.close();
  // A question that was lost with its connection is answered by nobody.
  const limit = setTimeout(stop, 2 * askMilliseconds);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    for await (const message of messages) return message;
    return undefined;
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', stop);
  }
}
