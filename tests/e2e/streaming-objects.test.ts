import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Address } from '../../src/core/resource.ts';
import { type Entry, pulsarObjects } from '../support/pulsar-objects.ts';
import { openStage, type Stage } from '../support/stage.ts';

// What is inside the broker, planned and carried out against a real one.

const origin = 'http://127.0.0.1:8082';
const day = 86_400;
const project = 'objects';

let stage: Stage | undefined;
beforeAll(async () => {
  if (process.env.ARC_TEST_BROKER !== undefined) return;
  stage = await openStage();
  await stage.succeed(['up', 'streaming', '--yes']);
}, 900_000);
afterAll(() => stage?.close());

const objects = pulsarObjects({ project, origin });

async function admin(method: string, path: string, body?: unknown, type = 'application/json') {
  const answer = await fetch(`${origin}/admin/v2/${path}`, {
    method,
    headers: { 'content-type': type },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await answer.text();
  expect(answer.ok, `${method} ${path}: ${answer.status} ${text}`).toBe(true);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

/** Publishes texts to a topic without a schema, and waits until each is on the disk. */
async function publish(topic: string, count: number): Promise<void> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/ws/v2/producer/persistent/${topic}`);
  await new Promise<void>((resolve, reject) => {
    let left = count;
    socket.onopen = () => {
      for (let one = 0; one < count; one += 1)
        socket.send(JSON.stringify({ payload: Buffer.from(`message ${one}`).toString('base64') }));
    };
    socket.onmessage = ({ data }) => {
      expect(JSON.parse(String(data))).toMatchObject({ result: 'ok' });
      left -= 1;
      if (left === 0) resolve();
    };
    socket.onerror = () => reject(new Error(`nobody takes messages for ${topic}`));
  });
  socket.close();
}

const record = (fields: readonly unknown[]) =>
  JSON.stringify({ type: 'record', name: 'Turn', namespace: 'test', fields });
const text = { name: 'text', type: 'string' };

const tenant: Entry = { kind: 'tenant', name: 'objects' };
const events: Entry = { kind: 'namespace', name: 'objects/events' };
const plain: Entry = { kind: 'topic', name: 'objects/events/plain', partitions: 0 };
const keyed: Entry = { kind: 'topic', name: 'objects/events/keyed', partitions: 2 };
const reader: Entry = { kind: 'subscription', name: 'objects/events/plain/reader', from: 'earliest' };

describe('what is declared', () => {
  const all: readonly Entry[] = [
    tenant,
    {
      ...events,
      retention: { time: 30 * day, size: 1e9 },
      backlog: { size: 5e8, time: 5 * day },
      ttl: 7 * day,
      compatibility: 'FULL',
      deduplication: true,
      schemas_required: true,
    },
    { ...plain, retention: { time: 90 * day }, schemas_required: false },
    keyed,
    { kind: 'schema', name: 'objects/events/keyed', definition: record([text]) },
    reader,
    { kind: 'subscription', name: 'objects/events/keyed/from-now', from: 'latest' },
  ];

  it('is created in its order', async () => {
    expect(await objects.steps(all)).toEqual([
      'create tenant/objects: no existing tenant',
      'create namespace/objects/events: no existing namespace',
      'create topic/objects/events/plain: no existing topic',
      'create topic/objects/events/keyed: no existing topic',
      'create schema/objects/events/keyed: no existing schema',
      'create subscription/objects/events/plain/reader: no existing subscription',
      'create subscription/objects/events/keyed/from-now: no existing subscription',
    ]);
    await objects.apply(all);
  });

  it('is in the broker as declared', async () => {
    expect(await admin('GET', 'namespaces/objects/events')).toMatchObject({
      retention_policies: { retentionTimeInMinutes: 43_200, retentionSizeInMB: 954 },
      message_ttl_in_seconds: 604_800,
      backlog_quota_map: {
        destination_storage: { limitSize: 5e8, policy: 'producer_request_hold' },
        message_age: { limitTime: 432_000, policy: 'producer_request_hold' },
      },
      schema_compatibility_strategy: 'FULL',
      deduplicationEnabled: true,
      schema_validation_enforced: true,
    });
    expect(await admin('GET', 'persistent/objects/events/plain/retention?applied=false')).toEqual({
      retentionTimeInMinutes: 129_600,
      retentionSizeInMB: -1,
    });
    expect(await admin('GET', 'persistent/objects/events/keyed/partitions')).toMatchObject({ partitions: 2 });
    expect(await admin('GET', 'schemas/objects/events/keyed/schema')).toMatchObject({ type: 'JSON' });
    expect(await admin('GET', 'persistent/objects/events/plain/subscriptions')).toEqual(['reader']);
  });

  it('needs nothing the second time', async () => {
    expect(await objects.steps(all)).toEqual([]);
  });

  it('is mended where somebody changed it by hand, who is told apart from a change of the contract', async () => {
    await admin('POST', 'namespaces/objects/events/messageTTL', 60);
    await admin('DELETE', 'persistent/objects/events/plain/retention');
    await admin('DELETE', 'persistent/objects/events/plain/subscription/reader');
    expect(await objects.steps(all)).toEqual([
      'change namespace/objects/events: ttl: 1m → 7d, changed by hand',
      'change topic/objects/events/plain: retention: none → 90d, changed by hand',
      'create subscription/objects/events/plain/reader: no existing subscription',
    ]);
    await objects.apply(all);
    expect(await objects.steps(all)).toEqual([]);
  });

  it('grows and shrinks in an order that the broker takes', async () => {
    const sized = (time: number, size: number, waiting: number): readonly Entry[] => [
      tenant,
      { ...events, retention: { time, size }, backlog: { size: waiting, time: time / 2 } },
    ];
    for (const [time, size, waiting] of [
      [90 * day, 4e9, 3e9],
      [day, 1e8, 5e7],
      [2 * day, 5e7, 1e7],
    ] as const) {
      await objects.apply(sized(time, size, waiting));
      expect(await objects.steps(sized(time, size, waiting))).toEqual([]);
    }
  });

  it('is taken away where the contract has it no longer, and what arc never set stays', async () => {
    await admin('POST', 'namespaces/objects/events/maxConsumersPerTopic', 7);
    const bare = [tenant, events];
    const [step] = await objects.steps(bare);
    expect(step).toContain(
      'retention: 2d and 50.3 MB → none; backlog_size: 10 MB, then producers wait → none',
    );
    await objects.apply(bare);
    const now = (await admin('GET', 'namespaces/objects/events')) as Record<string, unknown>;
    expect(now).toMatchObject({ backlog_quota_map: {}, max_consumers_per_topic: 7 });
    expect(now.retention_policies ?? undefined).toBeUndefined();
  });

  it('leaves alone what somebody set by hand and no contract names', async () => {
    await admin('POST', 'namespaces/objects/events/retention', {
      retentionTimeInMinutes: 5,
      retentionSizeInMB: 5,
    });
    await admin('PUT', 'persistent/objects/events/theirs', {});
    expect(await objects.steps([tenant, events, plain, keyed, reader])).not.toContainEqual(
      expect.stringMatching(/retention: 5m|theirs/),
    );
    await admin('DELETE', 'namespaces/objects/events/retention');
  });
});

describe('what the broker cannot do is refused by the plan', () => {
  const base = [tenant, events, plain, keyed];
  beforeAll(() => objects.apply([...base, reader]), 60_000);

  const refusal = async (entries: readonly Entry[]): Promise<string> => {
    const cause = await objects.plan(entries).then(
      () => expect.unreachable('the plan was made'),
      (error: Error) => error,
    );
    return String((cause as Error).message);
  };

  it('fewer partitions', async () => {
    expect(await refusal([tenant, events, { ...keyed, partitions: 1 }])).toContain(
      'The topic objects/events/keyed has 2 partitions, and Pulsar can only add some.',
    );
    const answer = await fetch(`${origin}/admin/v2/persistent/objects/events/keyed/partitions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '1',
    });
    expect(answer.status).toBe(422);
  });

  it('partitions of a topic without, and none of one with', async () => {
    expect(await refusal([tenant, events, { ...plain, partitions: 2 }])).toContain(
      'The topic objects/events/plain has no partitions, and Pulsar cannot give it 2 partitions.',
    );
    expect(await refusal([tenant, events, { ...keyed, partitions: 0 }])).toContain(
      'cannot give it no partitions',
    );
  });

  it('a topic on the disk that is to be in memory alone', async () => {
    expect(await refusal([tenant, events, { ...keyed, persistent: false }])).toContain(
      'The topic objects/events/keyed is persistent, and Pulsar cannot make it non-persistent.',
    );
  });

  it('a backlog that is larger than what is kept', async () => {
    expect(
      await refusal([tenant, { ...events, retention: { time: day, size: 1e6 }, backlog: { size: 2e6 } }]),
    ).toContain('The namespace objects/events keeps less than its backlog may hold');
  });

  it('long-term storage that the broker has no driver for', async () => {
    expect(await refusal([tenant, { ...events, offload: { after: day, delete_after: day } }])).toContain(
      'the broker has no driver for that (managedLedgerOffloadDriver)',
    );
  });

  it('a schema that readers of the present one do not understand, and one that they do is uploaded', async () => {
    const rules: Entry = { ...events, compatibility: 'FULL' };
    const schema = (fields: readonly unknown[]): Entry => ({
      kind: 'schema',
      name: 'objects/events/keyed',
      definition: record(fields),
    });
    await objects.apply([tenant, rules, keyed, schema([text])]);
    expect(await refusal([tenant, rules, keyed, schema([text, { name: 'more', type: 'string' }])])).toContain(
      'The new schema of objects/events/keyed does not fit what readers and writers of it have.',
    );
    const optional = [text, { name: 'more', type: ['null', 'string'], default: null }];
    expect(await objects.steps([tenant, rules, keyed, schema(optional)])).toEqual([
      'change schema/objects/events/keyed: the contract has another schema',
    ]);
    await objects.apply([tenant, rules, keyed, schema(optional)]);
    expect(await objects.steps([tenant, rules, keyed, schema(optional)])).toEqual([]);
  });

  it('what another project has marked as its own', async () => {
    const others = pulsarObjects({ project: 'another', origin });
    const cause = await others.plan([tenant, events]).catch((error: Error) => error);
    expect(String((cause as Error).message)).toContain(
      'The namespace objects/events belongs to the project objects.',
    );
  });
});

describe('messages', () => {
  const kept: Entry = { ...events, retention: { time: 30 * day, size: 1e9 } };
  beforeAll(async () => {
    await objects.apply([tenant, kept, plain, keyed, reader]);
    await publish('objects/events/plain', 5);
  }, 60_000);

  it('that a shorter retention or TTL may delete are named', async () => {
    const [shorter] = await objects.steps([tenant, { ...events, retention: { time: day, size: 1e9 } }]);
    expect(shorter).toMatch(
      /retention: 30d and 1 GB → 1d and 1 GB \[loses up to \d+ B of messages that were kept longer\]/,
    );
    const [earlier] = await objects.steps([tenant, { ...kept, ttl: 60 }]);
    expect(earlier).toContain('[loses up to 5 messages that nobody has read]');
    expect(
      (await objects.steps([tenant, { ...events, retention: { time: 60 * day, size: 2e9 } }]))[0],
    ).not.toContain('loses');
  });

  it('that wait in a subscription that nobody reads by any more are named, and it goes once one agrees', async () => {
    const without = [tenant, kept, plain, keyed, { ...reader, name: 'objects/events/keyed/other' }];
    const address = 'subscription/objects/events/plain/reader';
    expect(await objects.steps(without, [address])).toContain(
      `remove ${address}: no service that runs reads by it [loses 5 messages that nobody has read]`,
    );
    await objects.apply(without, [address]);
    expect(await admin('GET', 'persistent/objects/events/plain/subscriptions')).toEqual([]);
  });

  it('of a topic that no contract declares any more are named, and somebody else’s topic stays', async () => {
    const address = 'topic/objects/events/plain';
    const [step = ''] = await objects.steps([tenant, kept, keyed], [address, 'topic/objects/events/theirs']);
    expect(step).toMatch(
      /^remove topic\/objects\/events\/plain: no contract declares it any more \[loses \d+ B\]$/,
    );
    await objects.apply([tenant, kept, keyed], [address, 'topic/objects/events/theirs']);
    expect(await admin('GET', 'persistent/objects/events')).toEqual([
      'persistent://objects/events/keyed-partition-0',
      'persistent://objects/events/keyed-partition-1',
      'persistent://objects/events/theirs',
    ]);
  });

  it('stay where partitions are added, and whoever adds them is told what it costs', async () => {
    expect(await objects.steps([tenant, kept, { ...keyed, partitions: 3 }])).toEqual([
      'change topic/objects/events/keyed: partitions: 2 → 3; keys move to other partitions, so their order begins again',
    ]);
    await objects.apply([tenant, kept, { ...keyed, partitions: 3 }]);
    expect(await objects.steps([tenant, kept, { ...keyed, partitions: 3 }])).toEqual([]);
  });
});

describe('what is left in a namespace of which nothing is declared any more', () => {
  // Of a project of its own, which has nothing else on this broker.
  const own = pulsarObjects({ project: 'remains', origin });
  const old: Entry = { kind: 'namespace', name: 'remains/old' };
  const others: readonly Entry[] = [
    { kind: 'tenant', name: 'remains' },
    { kind: 'namespace', name: 'remains/now' },
  ];
  const full: Entry = { kind: 'topic', name: 'remains/old/full', partitions: 0 };
  const empty: Entry = { kind: 'topic', name: 'remains/old/empty', partitions: 2 };
  const all: readonly Entry[] = [
    ...others,
    old,
    full,
    empty,
    { kind: 'schema', name: 'remains/old/empty', definition: record([text]) },
    { kind: 'subscription', name: 'remains/old/full/reader', from: 'earliest' },
    { kind: 'subscription', name: 'remains/old/empty/reader', from: 'earliest' },
  ];

  beforeAll(async () => {
    await own.apply(all);
    await publish('remains/old/full', 3);
    await admin('PUT', 'persistent/remains/old/theirs', {});
    await admin('PUT', 'persistent/remains/old/theirs/subscription/theirs', {
      ...{ ledgerId: -1, entryId: -1, partitionIndex: -1 },
    });
    await pulsarObjects({ project: 'another', origin }).apply([
      others[0] as Entry,
      { kind: 'namespace', name: 'remains/another' },
      { kind: 'topic', name: 'remains/another/topic', partitions: 0 },
    ]);
  }, 120_000);

  it('is seen by the plan, with what it holds; what is empty goes, and what is not ours is left alone', async () => {
    expect((await own.leftovers(others)).toSorted()).toEqual([
      'subscription/remains/old/empty/reader: ',
      'subscription/remains/old/full/reader: 3 messages that nobody has read',
      'topic/remains/old/empty: ',
      expect.stringMatching(/^topic\/remains\/old\/full: \d+ B, 3 messages that nobody has read$/),
    ]);
  });

  it('goes in its order once one agrees, and the namespace only once it has nothing of anybody', async () => {
    const lose: Address[] = [
      ...['full', 'empty'].flatMap((name): Address[] => [
        `subscription/remains/old/${name}/reader`,
        `topic/remains/old/${name}`,
      ]),
      'namespace/remains/old',
    ];
    const steps = await own.steps(others, lose);
    expect(steps).toHaveLength(4);
    expect(steps.findIndex((step) => step.startsWith('remove subscription/remains/old/full'))).toBeLessThan(
      steps.findIndex((step) => step.startsWith('remove topic/remains/old/full')),
    );
    await own.apply(others, lose);
    expect(await admin('GET', 'persistent/remains/old')).toEqual(['persistent://remains/old/theirs']);
    expect(await own.leftovers(others)).toEqual([]);
    await admin('DELETE', 'persistent/remains/old/theirs?force=true');
    expect(await own.leftovers(others)).toEqual(['namespace/remains/old: ']);
    await own.apply(others, ['namespace/remains/old']);
    expect(await admin('GET', 'namespaces/remains')).toEqual(expect.not.arrayContaining(['remains/old']));
    expect(await admin('GET', 'persistent/remains/another')).toEqual(['persistent://remains/another/topic']);
  });

  it('is a namespace that goes together with its empty topics', async () => {
    await own.apply([...others, old, empty]);
    await own.apply(others, ['topic/remains/old/empty', 'namespace/remains/old']);
    expect(await admin('GET', 'namespaces/remains')).toEqual(expect.not.arrayContaining(['remains/old']));
  });

  it('is a schema that a declared topic has no more, and that nobody has changed', async () => {
    const schema: Entry = { kind: 'schema', name: 'remains/now/typed', definition: record([text]) };
    const typed: Entry = { kind: 'topic', name: 'remains/now/typed', partitions: 0 };
    await own.apply([...others, typed, schema]);
    expect(await own.leftovers([...others, typed])).toEqual(['schema/remains/now/typed: ']);
    await own.apply([...others, typed], ['schema/remains/now/typed']);
    const answer = await fetch(`${origin}/admin/v2/schemas/remains/now/typed/schema`);
    expect(answer.status).toBe(404);
    expect(await own.leftovers([...others, typed])).toEqual([]);
  });
});
