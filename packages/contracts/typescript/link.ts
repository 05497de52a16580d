import type { JetStreamClient } from '@nats-io/jetstream';
import {
  type Subscription as Connected,
  headers,
  type MsgHdrs,
  type NatsConnection,
} from '@nats-io/transport-node';
import type { Keys } from './keys.ts';

/** What every operation of a connection shares. */
export type Link = {
  connection: NatsConnection;
  stream: JetStreamClient;
  role: string;
  keys: Keys | undefined;
  counts: Counts;
  /** Subscriptions that are not drained yet. */
  open: Set<Subscription>;
  report: (problem: Error) => void;
  /** Whether the server can be reached, as far as the connection knows. */
  isConnected: () => boolean;
};

/** How long the server may take to know of a subscription. */
const listenMilliseconds = 5_000;

/**
 * Subscribes, and returns once the server knows of it: until then a message would pass it by. While there is no
 * connection, the next one brings the subscription along.
 *
 * @throws Error where the server does not answer in time
 */
export async function listen(options: {
  link: Pick<Link, 'connection' | 'isConnected'>;
  subject: string;
  queue: string | undefined;
}): Promise<Connected> {
  const { link, subject, queue } = options;
  const listening = link.connection.subscribe(subject, queue === undefined ? {} : { queue });
  if (!link.isConnected()) return listening;
  let limit: NodeJS.Timeout | undefined;
  const isLate = new Promise<boolean>((resolve) => {
    limit = setTimeout(() => resolve(true), listenMilliseconds);
  });
  // A connection that is lost just now rejects.
  const isKnown = link.connection.flush().then(
    () => false,
    () => false,
  );
  const wasLate = await Promise.race([isKnown, isLate]);
  clearTimeout(limit);
  if (!wasLate) return listening;
  listening.unsubscribe();
  throw new Error(`The server took no subscription to ${subject} within ${listenMilliseconds} ms.`);
}

/** Ends when asked to; what has arrived is still handled. */
export type Subscription = { drain: () => Promise<void> };

/**
 * A subscription that the connection knows of.
 *
 * @param options.stop asks for no more messages
 * @param options.handling ends when what has arrived is handled
 */
export function track(options: {
  link: Link;
  stop: () => Promise<unknown>;
  handling: Promise<void>;
}): Subscription {
  const { link, stop, handling } = options;
  let drained: Promise<void> | undefined;
  const subscription = {
    drain: () => {
      drained ??= stop()
        .then(() => handling)
        .finally(() => link.open.delete(subscription));
      return drained;
    },
  };
  link.open.add(subscription);
  return subscription;
}

/** What became of messages since the connection was opened. */
export type Counts = {
  published: number;
  /** Messages that the own program was not allowed to publish, or that broke their contract. */
  refused: number;
  received: number;
  /** Messages that arrived and were put aside, on their dead-letter subject. */
  dead: number;
};

export function toHeaders(values: Readonly<Record<string, string>>): MsgHdrs {
  const made = headers();
  for (const [name, value] of Object.entries(values)) made.set(name, value);
  return made;
}
