import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type AnySchemaObject } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parseContracts } from '../manifest/contracts/parse.ts';
import { asyncapiOf } from './asyncapi.ts';

const folder = new URL('../../contracts/', import.meta.url);
const files = new Map(
  readdirSync(folder).map(
    (name) => [`contracts/${name}`, readFileSync(new URL(name, folder), 'utf8')] as const,
  ),
);
const { contracts } = parseContracts({ files, roles: new Set(['webhooks']) });
const brokers = { nats: 'arc-messaging:4222', pulsar: 'arc-streaming:6650' };

// The version of the document's own schema that has no $id, so that its references are within it.
const specification = createRequire(import.meta.url)(
  '@asyncapi/specs/schemas/3.1.0-without-$id.json',
) as AnySchemaObject;
const isAsyncapi = new Ajv({ strict: false, validateFormats: false }).compile(specification);

/** Every `$ref` of a document. */
function referencesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = '$ref' in value && typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
}

function follow(document: unknown, reference: string): unknown {
  return reference
    .split('/')
    .slice(1)
    .reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], document);
}

describe.each(contracts.domains.map((domain) => ({ name: domain.name, domain })))(
  'the AsyncAPI document of $name',
  ({ domain }) => {
    const document = asyncapiOf({ contracts, domain, brokers });

    it('satisfies the specification', () => {
      expect(isAsyncapi(document), JSON.stringify(isAsyncapi.errors?.slice(0, 3))).toBe(true);
    });

    it('has everything that it refers to', () => {
      const references = referencesIn(document);
      expect(references.length).toBeGreaterThan(0);
      for (const reference of references) expect(follow(document, reference), reference).toBeDefined();
    });
  },
);

describe('an AsyncAPI document', () => {
  const [agent] = contracts.domains.filter(({ name }) => name === 'agent');
  if (agent === undefined) throw new Error('there is no domain agent');
  const document = asyncapiOf({ contracts, domain: agent, brokers });

  it('says who sends and who receives, with the queue group', () => {
    expect(document.operations).toMatchObject({
      'webhooks.send.voice-track-published.nats': { action: 'send', 'x-arc': { external: false } },
      'agent.receive.voice-track-published.nats': {
        action: 'receive',
        bindings: { nats: { queue: 'stt' } },
        'x-arc': { external: true },
      },
    });
  });

  it('lets nobody send to a topic that a bridge fills', () => {
    const names = Object.keys(document.operations as object);
    expect(names.filter((name) => name.includes('.send.conversation'))).toEqual([
      'brain.send.conversation.nats',
    ]);
  });

  it('has the retention of Pulsar in minutes and megabytes', () => {
    expect(document.channels).toMatchObject({
      'conversation.pulsar': {
        address: 'persistent://arc/events/conversation',
        bindings: { pulsar: { namespace: 'events', retention: { time: 43_200, size: 1024 } } },
      },
    });
  });
});
