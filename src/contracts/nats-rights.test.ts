import { describe, expect, test } from 'vitest';
import type { Contracts, Message, Subscriber } from './model.ts';
import { natsConsumers } from './nats-consumers.ts';
import { natsRights } from './nats-rights.ts';

const location = { file: 'contracts/agent.yaml', line: 1, column: 1 };
const party = (role: string) => ({ role, external: false });

function message(options: {
  name: string;
  subject: string;
  publishers?: readonly string[];
  subscribers?: readonly Subscriber[];
  more?: Partial<Message>;
  stream?: string;
  reply?: string;
}): Message {
  const { name, subject, publishers = [], subscribers = [], more = {}, stream, reply } = options;
  return {
    name,
    type: name,
    event: `arc.agent.${name}.v1`,
    domain: 'agent',
    version: 1,
    description: '',
    publishers: publishers.map(party),
    subscribers,
    nats: {
      subject,
      dead: `agent.dead.${subject}`,
      ...(stream === undefined ? {} : { stream }),
      ...(reply === undefined ? {} : { reply }),
    },
    schema: { type: 'object', properties: {} } as Message['schema'],
    examples: [],
    location,
    ...more,
  };
}

function contractsOf(messages: readonly Message[], observers: readonly string[] = []): Contracts {
  const domain = { name: 'agent', owner: party('agent'), description: '', file: location.file, location };
  return {
    domains: [{ ...domain, observers: observers.map(party) }],
    messages,
    streams: [],
    namespaces: [],
  };
}

const roles = new Set(['webhooks', 'agent', 'brain', 'bridge', 'watcher', 'cache']);
const rightsOf = (contracts: Contracts, role: string) =>
  natsRights({ contracts, roles }).find((rights) => rights.role === role);

describe('rights in NATS', () => {
  const published = message({
    name: 'published',
    subject: 'agent.voice.track.published',
    publishers: ['webhooks'],
    subscribers: [{ ...party('agent'), queue: 'stt' }, party('brain')],
  });

  test('a publisher publishes its subject and what was not good enough for it, and reads its own inbox', () => {
    expect(rightsOf(contractsOf([published]), 'webhooks')).toEqual({
      role: 'webhooks',
      publish: ['agent.dead.agent.voice.track.published', 'agent.voice.track.published'],
      subscribe: ['_INBOX_webhooks.>'],
    });
  });

  test('a subscriber of a queue group may be in that group alone', () => {
    expect(rightsOf(contractsOf([published]), 'agent')?.subscribe).toEqual([
      '_INBOX_agent.>',
      'agent.voice.track.published stt',
    ]);
    expect(rightsOf(contractsOf([published]), 'brain')?.subscribe).toContain('agent.voice.track.published');
  });

  test('who answers may do so where the one who asks listens, and nowhere else', () => {
    const asked = message({
      name: 'asked',
      subject: 'agent.brain.question.asked',
      publishers: ['agent'],
      subscribers: [party('brain')],
      reply: 'answered',
    });
    expect(rightsOf(contractsOf([asked]), 'brain')?.publish).toEqual([
      '_INBOX_agent.>',
      'agent.dead.agent.brain.question.asked',
    ]);
  });

  test('a reader of a stream asks for its own consumer, acknowledges there, and subscribes to no subject', () => {
    const consumer = {
      durable: 'tracker',
      deliver: 'all',
      ack_wait: 30,
      max_deliver: 5,
      max_ack_pending: 10,
    };
    const kept = message({
      name: 'kept',
      subject: 'agent.voice.session.started',
      stream: 'agent-events',
      subscribers: [{ ...party('agent'), consumer: { ...consumer, deliver: 'all' } }],
    });
    expect(rightsOf(contractsOf([kept]), 'agent')).toEqual({
      role: 'agent',
      publish: [
        '$JS.ACK.*.*.agent-events.tracker.>',
        '$JS.ACK.agent-events.tracker.>',
        '$JS.API.CONSUMER.INFO.agent-events.tracker',
        '$JS.API.CONSUMER.MSG.NEXT.agent-events.tracker',
        '$JS.API.STREAM.INFO.agent-events',
        'agent.dead.agent.voice.session.started',
      ],
      subscribe: ['_INBOX_agent.>'],
    });
  });

  test('the bridge reads each message that goes to Pulsar by a consumer of its own', () => {
    const bridged = message({
      name: 'turn',
      subject: 'agent.brain.turn.completed',
      stream: 'agent-outbox',
      more: { bridge: { max_pending: 7 } },
    });
    const contracts = contractsOf([bridged]);
    expect(natsConsumers(contracts)).toMatchObject([
      { role: 'bridge', stream: 'agent-outbox', durable: 'bridge-turn', max_ack_pending: 7 },
    ]);
    expect(rightsOf(contracts, 'bridge')?.publish).toEqual([
      '$JS.ACK.*.*.agent-outbox.bridge-turn.>',
      '$JS.ACK.agent-outbox.bridge-turn.>',
      '$JS.API.CONSUMER.INFO.agent-outbox.bridge-turn',
      '$JS.API.CONSUMER.MSG.NEXT.agent-outbox.bridge-turn',
      '$JS.API.STREAM.INFO.agent-outbox',
      'agent.dead.agent.brain.turn.completed',
    ]);
  });

  test('an observer reads a whole domain, and publishes nothing', () => {
    expect(rightsOf(contractsOf([published], ['watcher']), 'watcher')).toEqual({
      role: 'watcher',
      publish: [],
      subscribe: ['_INBOX_watcher.>', 'agent.>'],
    });
  });

  test('a role that no contract names has none', () => {
    expect(rightsOf(contractsOf([published]), 'cache')).toBeUndefined();
  });
});
