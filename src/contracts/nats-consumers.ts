import type { Contracts, Message } from './model.ts';

/** A durable consumer that follows from the contracts, and who reads it. */
export type NatsConsumer = {
  role: string;
  stream: string;
  durable: string;
  description: string;
  subjects: readonly string[];
  deliver: 'all' | 'new';
  ack_wait: number;
  max_ack_pending: number;
};

/** The role that brings messages from NATS to Pulsar. */
const bridgeRole = 'bridge';

/** Pulsar may be away for a while: the bridge says itself that it still works on a message. */
const bridgeAckSeconds = 30;

/**
 * All durable consumers of the contracts, in order of message: of subscribers that ask for one, and of the bridge one for
 * each message that goes to Pulsar, so that none holds up another.
 */
export function natsConsumers({ messages }: Contracts): readonly NatsConsumer[] {
  return messages.flatMap((message) => {
    const { nats } = message;
    if (nats?.stream === undefined) return [];
    const common = { stream: nats.stream, subjects: [nats.subject] };
    const own = message.subscribers.flatMap(({ role, consumer }): readonly NatsConsumer[] => {
      if (consumer === undefined) return [];
      // Clients count the deliveries: what a server has given up nobody gets, and a dead letter that no stream takes has
      // to come again.
      const { max_deliver: _, ...rest } = consumer;
      return [{ ...common, ...rest, role, description: `${message.name}, for ${role}` }];
    });
    return [...own, ...bridged({ message, common })];
  });
}

/** The consumer by which the bridge reads a message: `bridge-conversation-turn-completed`. */
export function bridgeDurable({ name }: Pick<Message, 'name'>): string {
  return `${bridgeRole}-${name}`;
}

function bridged(options: {
  message: Message;
  common: Pick<NatsConsumer, 'stream' | 'subjects'>;
}): readonly NatsConsumer[] {
  const { message, common } = options;
  if (message.bridge === undefined) return [];
  return [
    {
      ...common,
      role: bridgeRole,
      durable: bridgeDurable(message),
      description: `${message.name}, for Pulsar`,
      deliver: 'all',
      ack_wait: bridgeAckSeconds,
      max_ack_pending: message.bridge.max_pending,
    },
  ];
}
