import { describe, expect, it } from 'vitest';
import type { Contracts, Message, Subscription } from '../../contracts/model.ts';
import { noContracts } from '../../contracts/model.ts';
import { pulsarFromContracts } from './from-contracts.ts';

const location = { file: 'contracts/agent.yaml', line: 1, column: 1 };

const subscription = (given: Partial<Subscription> & { name: string }): Subscription => ({
  ...{ role: given.name, external: false, type: 'shared', from: 'earliest' },
  ...given,
});

const message: Message = {
  ...{ name: 'turn', type: 'Turn', event: 'arc.agent.turn.v1', domain: 'agent', version: 1 },
  ...{ description: 'A turn.', publishers: [], subscribers: [], examples: [], location },
  schema: {
    type: 'object',
    properties: { text: { type: 'string' } },
    required: ['text'],
    additionalProperties: false,
  },
  pulsar: {
    ...{ namespace: 'events', topic: 'turn', url: 'persistent://arc/events/turn', partitions: 2 },
    subscriptions: [
      subscription({ name: 'brain' }),
      subscription({
        ...{ name: 'search', external: true },
        dead_letter: { after: 3, topic: 'turn-dlq', url: 'persistent://arc/events/turn-dlq' },
      }),
    ],
  },
};

const contracts: Contracts = {
  ...noContracts,
  messages: [message],
  namespaces: [
    {
      ...{ name: 'events', domain: 'agent', tenant: 'arc', description: 'Events.', location },
      ...{ compatibility: 'FULL', deduplication: true },
      retention: { time: 86_400 },
      backlog: { size: 1e6, policy: 'hold' },
    },
  ],
};

const wanted = (roles: readonly string[], settings: Readonly<Record<string, string>> = {}) =>
  pulsarFromContracts({ contracts, roles: new Set(roles), settings });

const subscriptionsOf = (entries: ReturnType<typeof wanted>) =>
  entries.filter(({ kind }) => kind === 'pulsar.subscription').map(({ name }) => name);

describe('what contracts want of Pulsar', () => {
  it('is a tenant, namespaces, topics with their schemas, and what reads dead letters', () => {
    expect(wanted([]).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'pulsar.tenant arc',
      'pulsar.namespace arc/events',
      'pulsar.topic arc/events/turn',
      'pulsar.schema arc/events/turn',
      'pulsar.topic arc/events/turn-dlq',
      'pulsar.schema arc/events/turn-dlq',
      'pulsar.subscription arc/events/turn-dlq/dead-letters',
    ]);
  });

  it('is a subscription where the service that reads by it runs', () => {
    expect(subscriptionsOf(wanted(['brain']))).toContain('arc/events/turn/brain');
    expect(subscriptionsOf(wanted(['gateway']))).not.toContain('arc/events/turn/brain');
  });

  it.each(['search', 'all', ' search'])(
    'is one for a program outside of the stack on request: %s',
    (asked) => {
      expect(subscriptionsOf(wanted([], { streaming_subscriptions: asked }))).toContain(
        'arc/events/turn/search',
      );
    },
  );

  it('is an error where somebody asks for one that no contract has', () => {
    expect(() => wanted([], { streaming_subscriptions: 'serach' })).toThrow(
      'No contract has an external subscription serach',
    );
  });

  it('lets dead letters be anything, and drops the oldest before it holds up who reads', () => {
    const dead = wanted([]).find(({ kind, name }) => kind === 'pulsar.topic' && name.endsWith('-dlq'));
    expect(dead?.fields).toEqual({
      partitions: 0,
      schemas_required: false,
      backlog: { size: 1e6, policy: 'evict' },
    });
  });

  it('is a schema as Avro has it', () => {
    const schema = wanted([]).find(({ kind }) => kind === 'pulsar.schema');
    expect(JSON.parse(String(schema?.fields.definition))).toMatchObject({
      ...{ type: 'record', name: 'Turn', namespace: 'arc.agent' },
      fields: [{ name: 'text', type: 'string' }],
    });
  });
});
