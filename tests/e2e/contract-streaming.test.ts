import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nkeySeed } from '../../src/core/nkey.ts';
import { sendMessage } from '../../src/providers/pulsar/protocol/send.ts';
import { eventsOf, resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

// What a person does with messages that are on Pulsar, alone or beside NATS, with contracts of the test.
const origin = 'http://127.0.0.1:8082';
const contract = `domain: demo
owner: cache
description: Messages of the test.
streams:
  demo-events:
    description: Kept.
    subjects: [demo.cache.thing.*]
    max_age: 1h
    max_bytes: 1m
namespaces:
  demo:
    description: Of the test.
    retention: { time: 1d, size: 64m }
    backlog: { size: 32m }
messages:
  thing-counted:
    description: Somebody counts.
    publishers: [cache]
    pulsar:
      namespace: demo
      topic: counted
      partitions: 2
      key: /text
      subscriptions:
        - { name: counter, role: gateway, dead_letter: { after: 3 } }
    schema: &schema
      type: object
      required: [text]
      properties: { text: { type: string, maxLength: 9 }, more: { type: integer } }
    examples: [{ text: one }]
  thing-happened:
    description: Something happens.
    publishers: [cache]
    nats: { subject: demo.cache.thing.happened, stream: demo-events }
    pulsar: { namespace: demo, topic: happened }
    schema: *schema
    examples: [{ text: one }]
`;

const seed = `  cache_nats_seed:
    description: Of the test.
    dev: ${nkeySeed(new Uint8Array(32).fill(1))}
    generate: { nkey: true }
    env: CACHE_NATS_SEED
`;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  const manifest = 'services/messaging/service.yaml';
  stage.workspace.write(manifest, `${stage.workspace.read(manifest)}${seed}`);
  stage.workspace.write('contracts/demo.yaml', contract);
  for (const text of ['one', 'two', 'far too long'])
    stage.workspace.write(`${text}.json`, JSON.stringify({ text }));
  // One after the other, so that a busy machine does not have both start at the same time.
  for (const service of ['messaging', 'streaming'])
    await stage.succeed(['up', service, '--yes', '--timeout', '300s'], { limitMilliseconds: 400_000 });
  await admin('PUT', 'persistent/arc/demo/counted/subscription/counter', {
    ...{ ledgerId: -1, entryId: -1, partitionIndex: -1 },
  });
}, 900_000);
afterAll(() => stage?.close());

async function admin(method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${origin}/admin/v2/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await answer.text();
  expect(answer.ok, `${method} ${path}: ${answer.status} ${text}`).toBe(true);
  return text === '' ? undefined : JSON.parse(text);
}

const publish = (name: string, file: string, ...more: string[]) =>
  stage.arc(['contract', 'publish', name, file, '--json', ...more]);

type Published = { system: string; subject: string; kept: { topic: string; position: string } };

async function published(name: string, file: string, ...more: string[]): Promise<Published> {
  const { stdout, exitCode, output } = await publish(name, file, ...more);
  expect(exitCode, output).toBe(0);
  return resultOf(stdout);
}

/** The events of messages, in their order. */
async function read(...args: string[]): Promise<Record<string, unknown>[]> {
  const { stdout } = await stage.succeed(['contract', ...args, '--json']);
  return eventsOf(stdout).filter(({ type }) => type === 'message');
}

type Lag = { system: string; from: string; consumer: string; pending: number; oldestSeconds?: number };

async function lagOf(consumer: string): Promise<Lag | undefined> {
  const { stdout } = await stage.succeed(['contract', 'lag', '--json']);
  return resultOf<{ consumers: Lag[] }>(stdout).consumers.find((one) => one.consumer === consumer);
}

/** Publishes what no contract allows, with the right schema. */
async function publishAnything(body: string): Promise<void> {
  const topic = 'persistent://arc/demo/counted-partition-0';
  const { data } = (await admin('GET', 'schemas/arc/demo/counted/schema')) as { data: string };
  await sendMessage({
    address: { host: '127.0.0.1', port: 6650 },
    topic,
    schema: { type: 'JSON', data },
    message: { payload: Buffer.from(body), properties: {}, time: Date.now() },
    signal: AbortSignal.timeout(20_000),
  });
}

describe('arc contract publish', () => {
  it('publishes on Pulsar what is there alone, and messages of one key to one partition', async () => {
    const first = await published('thing-counted', 'one.json');
    expect(first).toMatchObject({
      system: 'pulsar',
      subject: 'persistent://arc/demo/counted',
      kept: { position: expect.stringMatching(/^\d+:\d+$/) },
    });
    expect((await published('thing-counted', 'one.json')).kept.topic).toBe(first.kept.topic);
  });

  it('publishes what is on both on NATS, or where it is told to', async () => {
    expect(await published('thing-happened', 'one.json')).toMatchObject({
      system: 'nats',
      kept: { stream: 'demo-events', sequence: 1 },
    });
    expect(await published('thing-happened', 'two.json', '--on', 'pulsar')).toMatchObject({
      system: 'pulsar',
    });
    const { exitCode, stdout } = await publish('thing-counted', 'one.json', '--on', 'nats');
    expect(exitCode).toBe(2);
    expect(stdout).toContain('thing-counted is not on nats.');
  });

  it('refuses what breaks the schema, with its JSON path', async () => {
    const { exitCode, stdout } = await publish('thing-counted', 'far too long.json');
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/\/text must have at most 9 characters/);
  });

  it('publishes as a role that the contract names, and as no other', async () => {
    await published('thing-counted', 'two.json', '--as', 'cache');
    const { exitCode, stdout } = await publish('thing-counted', 'two.json', '--as', 'storage');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('storage may not publish thing-counted.');
  });

  it('refuses a topic whose schema is not that of the contract', async () => {
    await admin('DELETE', 'schemas/arc/demo/happened/schema?force=true');
    const { exitCode, stdout } = await publish('thing-happened', 'two.json', '--on', 'pulsar');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('streaming has no schema for thing-happened');
    expect(stdout).toContain('run `arc up streaming`');
  });
});

describe('arc contract replay', () => {
  it('shows what topics keep, from all partitions in the order of time, and disturbs no subscription', async () => {
    await publishAnything('{"text":"far too long"}');
    const before = await lagOf('counter');
    const messages = await read('replay', 'thing-counted');
    expect(messages.map(({ body }) => body)).toEqual([
      { text: 'one' },
      { text: 'one' },
      { text: 'two' },
      { text: 'far too long' },
    ]);
    expect(messages[0]).toMatchObject({
      system: 'pulsar',
      subject: 'persistent://arc/demo/counted',
      message: 'thing-counted',
      headers: { 'ce-type': 'arc.demo.thing-counted.v1', 'ce-source': 'arc' },
      violations: [],
    });
    expect(messages[2]).toMatchObject({ headers: { 'ce-source': 'cache' } });
    expect(messages[3]).toMatchObject({ violations: [{ pointer: '/text' }] });
    const times = messages.map(({ time }) => String(time));
    expect(times).toEqual(times.toSorted());
    expect((await lagOf('counter'))?.pending).toBe(before?.pending);
    expect(await admin('GET', 'persistent/arc/demo/counted/subscriptions')).toEqual(['counter']);
  });

  it('filters by value, by fault and by age', async () => {
    expect(await read('replay', 'thing-counted', '--where', '/text=two')).toHaveLength(1);
    expect(await read('replay', 'thing-counted', '--invalid')).toHaveLength(1);
    expect(await read('replay', 'thing-counted', '--since', '1ms')).toEqual([]);
    expect(await read('replay', 'thing-counted', '--since', '1h')).toHaveLength(4);
  });

  it('reads of a message on both systems what Pulsar keeps, unless it is told otherwise', async () => {
    const bodies = async (...flags: string[]) =>
      (await read('replay', 'thing-happened', ...flags)).map(({ system, body }) => [system, body]);
    expect(await bodies()).toEqual([['pulsar', { text: 'two' }]]);
    expect(await bodies('--on', 'nats')).toEqual([['nats', { text: 'one' }]]);
  });

  it('shows dead letters, each message of a batch', async () => {
    const socket = new WebSocket(
      `${origin.replace('http', 'ws')}/ws/v2/producer/persistent/arc/demo/counted-counter-DLQ?batchingEnabled=true&batchingMaxPublishDelay=200`,
    );
    await new Promise<void>((resolve, reject) => {
      let left = 5;
      socket.onerror = () => reject(new Error('nobody takes dead letters'));
      socket.onopen = () => {
        for (let one = 0; one < 5; one += 1)
          socket.send(JSON.stringify({ payload: Buffer.from(`{"text":"${one}"}`).toString('base64') }));
      };
      socket.onmessage = () => {
        left -= 1;
        if (left === 0) resolve();
      };
    });
    socket.close();
    const { numberOfEntries } = (await admin(
      'GET',
      'persistent/arc/demo/counted-counter-DLQ/internalStats',
    )) as {
      numberOfEntries: number;
    };
    expect(numberOfEntries).toBeLessThan(5);
    const dead = await read('replay', 'thing-counted', '--dead');
    expect(dead.map(({ body }) => body)).toEqual([0, 1, 2, 3, 4].map((one) => ({ text: String(one) })));
    expect(dead[0]).toMatchObject({ message: 'thing-counted' });
  });
});

describe('arc contract tail', () => {
  it('shows messages of Pulsar as they arrive, until it is interrupted', async () => {
    const tail = stage.start(['contract', 'tail', 'thing-counted', '--where', '/text=heard', '--json']);
    const lines = tail.stdout[Symbol.asyncIterator]();
    let seen = '';
    let isHeard = false;
    const heard = (async () => {
      while (!seen.includes('"type":"message"')) seen += String((await lines.next()).value);
      isHeard = true;
    })();
    // It is not known when it listens, so it is told until it has heard.
    while (!isHeard) {
      await publishAnything('{"text":"other"}');
      await publishAnything('{"text":"heard"}');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await heard;
    tail.kill('SIGINT');
    await tail;
    expect(seen).toContain('"body":{"text":"heard"}');
    expect(seen).not.toContain('"body":{"text":"other"}');
  });
});

describe('arc contract lag', () => {
  it('shows each subscription with what waits in it and for how long, beside the consumers of NATS', async () => {
    const counter = await lagOf('counter');
    expect(counter).toMatchObject({ system: 'pulsar', from: 'arc/demo/counted', unacknowledged: 0 });
    expect(counter?.pending).toBeGreaterThanOrEqual(4);
    expect(counter?.oldestSeconds).toBeGreaterThan(0);
    const only = await stage.succeed(['contract', 'lag', '--on', 'nats', '--json']);
    expect(only.stdout).not.toContain('"system":"pulsar"');
  });
});

describe('a server that is away', () => {
  it('is named with what to do, and holds nobody up for ever', async () => {
    const { State } = await stage.engine.docker.getContainer('arc-streaming').inspect();
    // It runs, takes connections, and answers nothing.
    process.kill(State.Pid, 'SIGSTOP');
    try {
      const calls = await Promise.all([
        publish('thing-counted', 'one.json'),
        stage.arc(['contract', 'replay', 'thing-counted']),
        stage.arc(['contract', 'tail', 'thing-counted']),
        stage.arc(['contract', 'lag']),
      ]);
      for (const { exitCode, output } of calls) {
        expect(exitCode, output).toBe(1);
        expect(output).toMatch(/arc could not .* in streaming\./);
        expect(output).toContain('arc logs streaming');
      }
    } finally {
      process.kill(State.Pid, 'SIGCONT');
    }
    await until({
      what: 'a healthy broker',
      ask: async () => (await stage.arc(['health', 'streaming'])).exitCode === 0,
      limitMilliseconds: 120_000,
    });
  });

  it('ends a tail that it was read by', async () => {
    const tail = stage.start(['contract', 'tail', 'thing-counted', '--json']);
    const counted = async (): Promise<number> => {
      const stats = (await admin(
        'GET',
        'persistent/arc/demo/counted/partitioned-stats?perPartition=false',
      )) as {
        subscriptions: Record<string, { isDurable: boolean }>;
      };
      return Object.values(stats.subscriptions).filter(({ isDurable }) => !isDurable).length;
    };
    await until({ what: 'a reader', ask: async () => (await counted()) > 0, limitMilliseconds: 60_000 });
    await stage.engine.docker.getContainer('arc-streaming').stop();
    const { exitCode, stdout } = await tail;
    expect(exitCode).toBe(1);
    expect(stdout).toContain('arc could not read the messages in streaming.');
  });

  it('is a warning where there is more to read, and an error where there is not', async () => {
    const missing = 'streaming does not run, and the messages on pulsar go through it.';
    const lag = await stage.succeed(['contract', 'lag', '--json']);
    expect(lag.stdout).toContain(missing);
    const alone = await stage.arc(['contract', 'replay', 'thing-counted', '--json']);
    expect(alone.exitCode).toBe(1);
    expect(alone.stdout).toContain(missing);
    expect(alone.stdout).toContain('run `arc up streaming`');
    // What is on both systems is read where it can be.
    expect((await read('replay', 'thing-happened')).map(({ system }) => system)).toEqual(['nats']);
  });
});
