import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../contracts/model.ts';
import { parseContracts } from './parse.ts';

const folder = new URL('../../../contracts/', import.meta.url);
const own = new Map(
  readdirSync(folder).map(
    (name) => [`contracts/${name}`, readFileSync(new URL(name, folder), 'utf8')] as const,
  ),
);
const roles = new Set(['webhooks', 'bridge', 'watcher', 'messaging', 'streaming']);

function parse(texts: Readonly<Record<string, string>>) {
  const files = new Map(Object.entries(texts).map(([name, text]) => [`contracts/${name}.yaml`, text]));
  return parseContracts({ files, roles });
}

/** The problems of one file, as `code line:column message`. */
function told(text: string): readonly string[] {
  return parse({ shop: text }).problems.map(
    ({ code, message, location }) => `${code} ${location?.line}:${location?.column} ${message}`,
  );
}

const head = `domain: shop
owner: webhooks
description: A shop.
`;

const order = `  order-placed:
    description: Somebody orders.
    publishers: [webhooks]
    nats: { subject: shop.cart.order.placed }
    schema: { type: object, properties: { id: { type: string } } }
    examples: [{ id: a }]
`;

describe('the contracts of this repository', () => {
  const { contracts, problems } = parseContracts({ files: own, roles });
  const message = (name: string): Message => {
    const found = contracts.messages.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`no message ${name}`);
    return found;
  };

  it('have no problems, so each example satisfies its schema', () => {
    expect(problems).toEqual([]);
  });

  it('have every subject of the platform', () => {
    const subjects = contracts.messages.flatMap(({ nats }) => (nats === undefined ? [] : [nats.subject]));
    expect(subjects).toEqual(
      expect.arrayContaining([
        'agent.voice.track.published',
        'agent.voice.track.unpublished',
        'agent.voice.session.started',
        'agent.voice.session.ended',
        'agent.brain.request',
        'agent.brain.response',
        'agent.brain.error',
        'agent.tts.request',
        'agent.tts.completed',
        'system.health.heartbeat',
        'system.service.error',
      ]),
    );
  });

  it('have every topic of the platform', () => {
    const topics = contracts.messages.flatMap(({ pulsar }) => (pulsar === undefined ? [] : [pulsar.url]));
    expect(topics.toSorted()).toEqual([
      'persistent://arc/analytics/agent-performance',
      'persistent://arc/analytics/session-metrics',
      'persistent://arc/analytics/session-scores',
      'persistent://arc/audit/compliance-events',
      'persistent://arc/events/agent-lifecycle',
      'persistent://arc/events/conversation',
      'persistent://arc/events/livekit-webhooks',
    ]);
  });

  it('have sizes in bytes and durations in seconds, those of defaults as well', () => {
    const stream = contracts.streams.find(({ name }) => name === 'agent-events');
    expect(stream).toMatchObject({ max_age: 604_800, max_bytes: 67_108_864, duplicate_window: 120 });
  });

  it('tell roles of the workspace from external ones', () => {
    expect(message('voice-track-published').publishers).toEqual([{ role: 'webhooks', external: false }]);
    // This test's workspace has no brain.
    expect(message('agent-performance').publishers).toEqual([{ role: 'brain', external: true }]);
  });

  it('have names for dead letters, clients and events that follow from theirs', () => {
    const { type, event, nats } = message('voice-track-published');
    expect({ type, event, dead: nats?.dead }).toEqual({
      type: 'VoiceTrackPublished',
      event: 'arc.agent.voice-track-published.v1',
      dead: 'agent.dead.agent.voice.track.published',
    });
    const [first, second] = message('conversation').pulsar?.subscriptions ?? [];
    expect([first?.dead_letter?.topic, second?.dead_letter?.topic]).toEqual([
      'conversation-dlq',
      'conversation-ml-training-workers-DLQ',
    ]);
  });
});

describe('a contract', () => {
  it('that breaks the schema is told with its place', () => {
    expect(told(`${head}messages: { order-placed: { description: x, publisher: [webhooks] } }\n`)).toEqual([
      'missing-field 4:27 "schema" is missing; a message needs it.',
      'missing-field 4:27 "examples" is missing; a message needs it.',
      'unknown-field 4:45 "publisher" is not a field of a message.',
    ]);
  });

  it('is in the file of its domain', () => {
    const { problems } = parse({ store: `${head}messages:\n${order}` });
    expect(problems[0]).toMatchObject({
      code: 'contract-name',
      message: 'The domain shop is in contracts/store.yaml.',
      suggestion: 'rename the file: contracts/shop.yaml',
    });
  });

  it.each([
    ['store.cart.order.placed', 'The subject store.cart.order.placed does not begin with its domain.'],
    ['shop.placed', 'The subject shop.placed has 2 tokens.'],
    ['shop.a.b.c.d', 'The subject shop.a.b.c.d has 5 tokens.'],
    ['shop.dead.order.placed', 'The subject shop.dead.order.placed is one of dead letters.'],
    [
      'shop.cart.order.placed.v2',
      'The subject shop.cart.order.placed.v2 does not say that its message has version 1.',
    ],
  ])('refuses the subject %s', (subject, message) => {
    const text = `${head}messages:\n${order.replace('shop.cart.order.placed', subject)}`;
    expect(told(text)).toEqual([`contract-subject 8:22 ${message}`]);
  });

  it('takes a subject of a later version', () => {
    const text = order
      .replace('shop.cart.order.placed', 'shop.cart.order.placed.v2')
      .replace('    publishers', '    version: 2\n    publishers');
    expect(told(`${head}messages:\n${text}`)).toEqual([]);
  });

  it('refuses two messages on one subject', () => {
    expect(told(`${head}messages:\n${order}${order.replace('order-placed', 'order-sent')}`)).toEqual([
      'contract-overlap 14:22 The messages order-sent and order-placed have the same subject.',
    ]);
  });

  it('refuses streams that keep the same subject', () => {
    const streams = `streams:
  orders: { description: x, subjects: [shop.cart.>] }
  placed: { description: x, subjects: [shop.*.order.placed] }
`;
    const message = order.replace('placed }', 'placed, stream: orders }');
    expect(told(`${head}${streams}messages:\n${message}`)).toEqual([
      'contract-overlap 6:40 The subjects shop.*.order.placed and shop.cart.> overlap.',
      'contract-reference 11:54 The stream placed keeps shop.cart.order.placed, but the message order-placed does not name it.',
    ]);
  });

  it('refuses a stream that is not there, and suggests one', () => {
    const streams = 'streams:\n  orders: { description: x, subjects: [shop.cart.order.*] }\n';
    const message = order.replace('placed }', 'placed, stream: oders }');
    const { problems } = parse({ shop: `${head}${streams}messages:\n${message}` });
    expect(problems).toMatchObject([
      {
        code: 'contract-reference',
        message: 'No stream has the name oders.',
        suggestion: 'did you mean `orders`?',
      },
    ]);
  });

  it('refuses an example that breaks its schema, and names the field', () => {
    expect(told(`${head}messages:\n${order.replace('[{ id: a }]', '[{ id: 1, other: x }]')}`)).toEqual([
      'contract-example 10:22 /id must be text, not 1.',
      'contract-example 10:32 /other is no field of the contract.',
    ]);
  });

  it('refuses a schema that requires what it does not declare', () => {
    expect(told(`${head}messages:\n${order.replace('object,', 'object, required: [ID],')}`)).toEqual([
      'contract-schema 9:40 `required` names ID, which is not one of the properties.',
      'contract-example 10:16 The example lacks ID.',
    ]);
  });

  it('refuses personal fields that are not text', () => {
    const personal = '    personal: { user: /id, fields: [/text, /id] }\n';
    const text = `${head}messages:\n${order}${personal}`.replace('{ type: string }', '{ type: integer }');
    expect(told(text.replace('id: a', 'id: 1'))).toEqual([
      "contract-pointer 11:23 /id cannot be a user's id, which is text, and one.",
      'contract-pointer 11:37 /text leads to no field of the message order-placed.',
      'contract-pointer 11:44 /id cannot be a personal field, which is text of any content and length.',
    ]);
  });

  it('refuses a bridge that could lose messages', () => {
    const text = `${head}messages:\n${order}    bridge: {}\n`;
    expect(told(text)).toEqual([
      'contract-channel 11:13 The bridge of order-placed has no topic to lead to.',
    ]);
  });

  it.each([
    ['limits', []],
    [
      'interest',
      [
        'contract-channel 12:11 No stream keeps the dead letters of order-placed, so a message that nobody can read would block its readers.',
      ],
    ],
  ])('has a stream for the dead letters of a consumer, kept by %s', (retention, problems) => {
    const streams = `streams:
  orders: { description: x, subjects: [shop.cart.order.*] }
  dead: { description: x, subjects: [shop.dead.>], retention: ${retention} }
`;
    const message = order
      .replace('placed }', 'placed, stream: orders }')
      .replace('    nats', '    subscribers: [{ role: webhooks, consumer: { durable: a } }]\n    nats');
    expect(told(`${head}${streams}messages:\n${message}`)).toEqual(problems);
  });

  it('refuses a backlog that Pulsar would refuse', () => {
    const namespaces = `namespaces:
  orders: { description: x, retention: { time: 7d, size: 1g }, backlog: { size: 1g } }
`;
    expect(told(`${head}${namespaces}messages:\n${order}`)).toEqual([
      'contract-channel 5:11 The namespace orders has a backlog as large as its retention, or larger.',
    ]);
  });

  it('refuses dead letters of a subscription that has none', () => {
    const pulsar = `    pulsar: { namespace: orders, topic: placed, subscriptions: [{ name: a, type: exclusive, dead_letter: {} }] }
`;
    const text = `${head}namespaces: { orders: { description: x } }\nmessages:\n${order}${pulsar}`;
    expect(told(text)).toEqual([
      'contract-channel 12:106 The subscription a is exclusive, and such a subscription has no dead letters.',
    ]);
  });

  it('warns of a role that is nearly one of the workspace', () => {
    const { warnings } = parse({ shop: `${head}messages:\n${order.replace('[webhooks]', '[webhook]')}` });
    expect(warnings).toMatchObject([{ code: 'contract-role', suggestion: 'did you mean `webhooks`?' }]);
  });
});
