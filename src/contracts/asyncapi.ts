import type { Contracts, Domain, Message, Party } from './model.ts';

type Json = Readonly<Record<string, unknown>>;

/** Where clients of a stack's network find the brokers: `arc-messaging:4222`. Absent where there is none. */
export type Brokers = { nats?: string; pulsar?: string };

/**
 * The contracts of one domain as an AsyncAPI 3.1 document. It is for other programs to read: AsyncAPI has no words for
 * streams, partitions, subscriptions, dead letters and personal fields, so those are in `x-arc`.
 */
export function asyncapiOf(options: { contracts: Contracts; domain: Domain; brokers: Brokers }): Json {
  const { contracts, domain, brokers } = options;
  const messages = contracts.messages.filter((message) => message.domain === domain.name);
  const onNats = messages.some(({ nats }) => nats !== undefined);
  const onPulsar = messages.some(({ pulsar }) => pulsar !== undefined);
  return {
    asyncapi: '3.1.0',
    info: {
      title: domain.name,
      version: `${Math.max(...messages.map(({ version }) => version))}.0.0`,
      description: domain.description,
      'x-arc': { owner: domain.owner.role },
    },
    defaultContentType: 'application/json',
    servers: {
      ...(onNats && brokers.nats !== undefined ? { nats: { host: brokers.nats, protocol: 'nats' } } : {}),
      ...(onPulsar && brokers.pulsar !== undefined
        ? { pulsar: { host: brokers.pulsar, protocol: 'pulsar' } }
        : {}),
    },
    channels: Object.fromEntries(messages.flatMap((message) => channelsOf({ contracts, message, brokers }))),
    operations: Object.fromEntries(messages.flatMap(operationsOf)),
    components: {
      messages: Object.fromEntries(messages.map((message) => [message.type, messageOf(message)])),
    },
  };
}

function channelsOf(options: {
  contracts: Contracts;
  message: Message;
  brokers: Brokers;
}): readonly (readonly [string, Json])[] {
  const { contracts, message, brokers } = options;
  const { nats, pulsar, type } = message;
  const messages = { [type]: { $ref: `#/components/messages/${type}` } };
  const channels: [string, Json][] = [];
  if (nats !== undefined) {
    const { subject, ...further } = nats;
    channels.push([
      natsChannel(message),
      {
        address: subject,
        description: message.description,
        ...(brokers.nats === undefined ? {} : { servers: [server('nats')] }),
        messages,
        'x-arc': further,
      },
    ]);
  }
  if (pulsar !== undefined) {
    const namespace = contracts.namespaces.find(({ name }) => name === pulsar.namespace);
    const { retention = namespace?.retention, ttl = namespace?.ttl, url, ...further } = pulsar;
    channels.push([
      pulsarChannel(message),
      {
        address: url,
        description: message.description,
        ...(brokers.pulsar === undefined ? {} : { servers: [server('pulsar')] }),
        messages,
        bindings: {
          pulsar: {
            namespace: pulsar.namespace,
            persistence: 'persistent',
            ...(retention === undefined ? {} : { retention: retentionOf(retention) }),
            ...(ttl === undefined ? {} : { ttl }),
            ...(namespace === undefined ? {} : { deduplication: namespace.deduplication }),
            bindingVersion: '0.1.0',
          },
        },
        'x-arc': { ...further, ...(message.bridge === undefined ? {} : { bridge: message.bridge }) },
      },
    ]);
  }
  return channels;
}

function server(name: string): Json {
  return { $ref: `#/servers/${name}` };
}

/** Minutes and megabytes; a size that is not limited is left out. */
function retentionOf({ time, size }: { time: number; size?: number }): Json {
  return { time: Math.ceil(time / 60), ...(size === undefined ? {} : { size: Math.ceil(size / 2 ** 20) }) };
}

function operationsOf(message: Message): readonly (readonly [string, Json])[] {
  const { nats, pulsar, bridge, publishers, subscribers, type } = message;
  const operation = (
    channel: string,
    action: 'send' | 'receive',
    party: Party,
    further: Json = {},
  ): Json => ({
    action,
    channel: { $ref: `#/channels/${channel}` },
    messages: [{ $ref: `#/channels/${channel}/messages/${type}` }],
    title: `${party.role} ${action === 'send' ? 'publishes' : 'receives'} ${type}`,
    ...further,
    'x-arc': { role: party.role, external: party.external },
  });
  const operations: [string, Json][] = [];
  const add = (channel: string, action: 'send' | 'receive', party: Party, further?: Json): void => {
    operations.push([`${party.role}.${action}.${channel}`, operation(channel, action, party, further)]);
  };
  if (nats !== undefined) {
    for (const party of publishers) add(natsChannel(message), 'send', party);
    for (const party of subscribers)
      add(natsChannel(message), 'receive', party, {
        ...(party.queue === undefined
          ? {}
          : { bindings: { nats: { queue: party.queue, bindingVersion: '0.1.0' } } }),
      });
  }
  if (pulsar !== undefined) {
    // What the bridge brings is published on NATS only.
    if (bridge === undefined) for (const party of publishers) add(pulsarChannel(message), 'send', party);
    for (const party of pulsar.subscriptions) add(pulsarChannel(message), 'receive', party);
  }
  return operations;
}

function natsChannel({ name }: Message): string {
  return `${name}.nats`;
}

function pulsarChannel({ name }: Message): string {
  return `${name}.pulsar`;
}

function messageOf(message: Message): Json {
  return {
    name: message.name,
    title: message.type,
    summary: message.description,
    contentType: 'application/json',
    headers: headersOf(message),
    payload: message.schema,
    examples: message.examples.map((payload) => ({ payload })),
    ...(message.personal === undefined ? {} : { 'x-arc': { personal: message.personal } }),
  };
}

/** CloudEvents in binary mode: headers on NATS, properties on Pulsar. */
function headersOf(message: Message): Json {
  const text = { type: 'string' };
  return {
    type: 'object',
    properties: {
      'ce-specversion': { ...text, const: '1.0' },
      'ce-id': text,
      'ce-type': { ...text, const: message.event },
      'ce-source': text,
      'ce-time': { ...text, format: 'date-time' },
      traceparent: text,
    },
    required: ['ce-specversion', 'ce-id', 'ce-type', 'ce-source', 'ce-time'],
  };
}
