import type { Contracts, Message } from './model.ts';
import { bridgeDurable, type NatsConsumer, natsConsumers } from './nats-consumers.ts';

/**
 * What a role may do in NATS, as the server's configuration has it. A subscription with a queue group after the subject
 * is allowed as a member of that group alone.
 */
export type NatsRights = { role: string; publish: readonly string[]; subscribe: readonly string[] };

/** Where replies to a role arrive. Nobody else may read them. */
export function natsInbox(role: string): string {
  return `_INBOX_${role}`;
}

/**
 * The least rights that let each role do what the contracts say of it, in order of role. A role without any is left out.
 *
 * @param options.roles those of the workspace's manifests
 */
export function natsRights(options: {
  contracts: Contracts;
  roles: ReadonlySet<string>;
}): readonly NatsRights[] {
  const { contracts, roles } = options;
  const consumers = natsConsumers(contracts);
  return [...roles]
    .toSorted((a, b) => (a < b ? -1 : 1))
    .flatMap((role) => {
      const reads = consumers.filter((consumer) => consumer.role === role);
      const publish = new Set([
        ...contracts.messages.flatMap((message) => publishes({ role, message, reads })),
        ...reads.flatMap(asks),
      ]);
      const subscribe = new Set([
        ...contracts.messages.flatMap((message) => subscribes({ role, message })),
        ...contracts.domains
          .filter(({ observers }) => observers.some((observer) => observer.role === role))
          .map(({ name }) => `${name}.>`),
      ]);
      if (publish.size + subscribe.size === 0) return [];
      // Answers to what it asks: of streams that a message was kept, of consumers the messages.
      subscribe.add(`${natsInbox(role)}.>`);
      return [{ role, publish: [...publish].toSorted(), subscribe: [...subscribe].toSorted() }];
    });
}

function publishes(options: {
  role: string;
  message: Message;
  /** What the role reads by consumers. */
  reads: readonly NatsConsumer[];
}): readonly string[] {
  const { role, message, reads } = options;
  const { nats } = message;
  if (nats === undefined) return [];
  const isPublisher = isAmong(message.publishers, role);
  const isSubscriber = isAmong(message.subscribers, role);
  const isBridge = reads.some(({ durable }) => durable === bridgeDurable(message));
  // A subscriber that answers does so where the publisher listens; `allow_responses` would let it answer anywhere.
  const replies =
    isSubscriber && nats.reply !== undefined
      ? message.publishers.map((publisher) => `${natsInbox(publisher.role)}.>`)
      : [];
  return [
    ...(isPublisher ? [nats.subject] : []),
    ...(isPublisher || isSubscriber || isBridge ? [nats.dead] : []),
    ...replies,
  ];
}

function subscribes(options: { role: string; message: Message }): readonly string[] {
  const { role, message } = options;
  const { nats, subscribers } = message;
  if (nats === undefined) return [];
  // Who reads it from its stream needs no subject.
  return subscribers
    .filter((subscriber) => subscriber.role === role && subscriber.consumer === undefined)
    .map(({ queue }) => (queue === undefined ? nats.subject : `${nats.subject} ${queue}`));
}

/**
 * Reading by a durable consumer: what it is, the next messages, and their acknowledgements. NATS has two forms of these,
 * `$JS.ACK.<stream>.…` and `$JS.ACK.<domain>.<account>.<stream>.…`; it will go over to the second (ADR-15).
 */
function asks({ stream, durable }: NatsConsumer): readonly string[] {
  const one = `${stream}.${durable}`;
  return [
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.CONSUMER.INFO.${one}`,
    `$JS.API.CONSUMER.MSG.NEXT.${one}`,
    `$JS.ACK.${one}.>`,
    `$JS.ACK.*.*.${one}.>`,
  ];
}

function isAmong(parties: readonly { role: string }[], role: string): boolean {
  return parties.some((party) => party.role === role);
}
