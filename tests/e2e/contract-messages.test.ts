import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { AckPolicy, jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nkeySeed } from '../../src/core/nkey.ts';
import { logInToNats, seedsIn } from '../support/nats-user.ts';
import { cleanEnvironment, eventsOf, launcher, resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

// What a person does with messages, on one server with one contract of the test.
const manifest = 'services/messaging/service.yaml';
const contract = `domain: demo
owner: cache
description: Messages of the test.
streams:
  demo-events:
    description: Kept.
    subjects: [demo.cache.thing.*]
    max_age: 1h
    max_bytes: 1m
  demo-dead:
    description: Dead letters.
    subjects: [demo.dead.>]
    max_age: 1h
    max_bytes: 1m
messages:
  thing-happened:
    description: Something happens.
    publishers: [cache]
    subscribers: [{ role: storage, consumer: { durable: reader } }]
    nats: { subject: demo.cache.thing.happened, stream: demo-events }
    schema:
      type: object
      required: [text]
      properties: { text: { type: string, enum: [one, two] } }
    examples: [{ text: one }]
`;

const seeds = ['cache', 'storage'].map(
  (role, at) =>
    `  ${role}_nats_seed:\n    description: Of the test.\n    dev: ${nkeySeed(new Uint8Array(32).fill(at))}\n    generate: { nkey: true }\n    env: ${role.toUpperCase()}_NATS_SEED\n`,
);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  stage.workspace.write(manifest, `${stage.workspace.read(manifest)}${seeds.join('')}`);
  stage.workspace.write('contracts/demo.yaml', contract);
  stage.workspace.write('good.json', '{"text":"one"}');
  stage.workspace.write('bad.json', '{"text":"three","more":1}');
  await stage.succeed(['images', 'build', 'messaging']);
  await stage.succeed(['up', 'messaging', '--yes']);
});
afterAll(() => stage?.close());

const publish = (file: string, ...more: string[]) =>
  stage.arc(['contract', 'publish', 'thing-happened', file, ...more]);

/** Publishes what no contract allows, with arc's own key. */
async function publishAnything(body: string): Promise<void> {
  const seed = seedsIn(stage.workspace.read(manifest)).get('messaging-admin') ?? expect.unreachable();
  await using user = await logInToNats({ seed });
  user.connection.publish('demo.cache.thing.happened', body);
  await user.connection.flush();
}

describe('arc contract publish', () => {
  it('publishes what satisfies its contract, and says where it is kept', async () => {
    const { stdout } = await publish('good.json', '--json');
    expect(resultOf(stdout)).toMatchObject({
      message: 'thing-happened',
      subject: 'demo.cache.thing.happened',
      kept: { stream: 'demo-events', sequence: 1 },
      trace: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it('refuses what does not, with the JSON pointer of each fault', async () => {
    const { exitCode, stderr } = await publish('bad.json');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/\/text must be .*"one"/);
    expect(stderr).toContain('/more is no field of the contract');
  });

  it('does as a role may, and says what it would need', async () => {
    expect((await publish('good.json', '--as', 'cache')).exitCode).toBe(0);
    const { exitCode, stderr } = await publish('good.json', '--as', 'storage');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('storage may not publish demo.cache.thing.happened.');
    expect((await publish('good.json', '--as', 'sql')).stderr).toContain('sql has no key');
  });
});

describe('arc contract replay', () => {
  it('shows what a stream keeps, with what breaks its contract', async () => {
    await publishAnything('{"text":"three"}');
    await publishAnything('nothing like JSON');
    const { stdout } = await stage.succeed(['contract', 'replay', 'demo', '--json']);
    const messages = eventsOf(stdout).filter(({ type }) => type === 'message');
    expect(messages.map(({ body }) => body)).toEqual([
      { text: 'one' },
      { text: 'one' },
      { text: 'three' },
      'nothing like JSON',
    ]);
    expect(messages[0]).toMatchObject({
      message: 'thing-happened',
      headers: { 'ce-type': 'arc.demo.thing-happened.v1', 'ce-source': 'arc' },
      violations: [],
    });
    expect(messages[2]).toMatchObject({ violations: [{ pointer: '/text' }] });
    expect(resultOf(stdout)).toEqual({ shown: 4 });
  });

  it('filters by value, by fault and by age', async () => {
    const shown = async (...flags: string[]) =>
      resultOf<{ shown: number }>(
        (await stage.succeed(['contract', 'replay', 'thing-happened', '--json', ...flags])).stdout,
      ).shown;
    expect(await shown('--where', '/text=one')).toBe(2);
    expect(await shown('--invalid')).toBe(2);
    expect(await shown('--since', '1ms')).toBe(0);
    expect(await shown('--dead')).toBe(0);
  });
});

describe('a stream that is larger than the memory of arc', () => {
  const count = 60_000;
  const text = 'one';
  const big = `  demo-big:
    description: Much.
    subjects: [demo.cache.more.*]
    max_age: 1h
    max_bytes: 256m
`;

  beforeAll(async () => {
    const changed = contract.replace('messages:\n', `${big}messages:\n`).concat(`  more-happened:
    description: Much happens.
    publishers: [cache]
    nats: { subject: demo.cache.more.happened, stream: demo-big }
    schema:
      type: object
      required: [text]
      properties: { text: { type: string }, filler: { type: string } }
    examples: [{ text: one }]
`);
    stage.workspace.write('contracts/demo.yaml', changed);
    await stage.succeed(['up', 'messaging', '--yes']);
    const seed = seedsIn(stage.workspace.read(manifest)).get('messaging-admin') ?? expect.unreachable();
    await using user = await logInToNats({ seed });
    const body = JSON.stringify({ text, filler: 'x'.repeat(2_000) });
    for (let sent = 0; sent < count; sent += 1) {
      user.connection.publish('demo.cache.more.happened', body);
      if (sent % 1_000 === 0) await user.connection.flush();
    }
    await user.connection.flush();
    const { streams } = await jetstreamManager(user.connection);
    await until({
      what: 'the stream with everything',
      ask: async () => (await streams.info('demo-big')).state.messages === count,
      limitMilliseconds: 60_000,
    });
  }, 300_000);

  /** The bodies alone are 120 MB, so they do not fit into its memory together. */
  const replayEverything = () =>
    spawn(launcher, ['contract', 'replay', 'more-happened', '--json'], {
      cwd: stage.workspace.root,
      env: { ...cleanEnvironment(stage.environment), NODE_OPTIONS: '--max-old-space-size=80' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });

  it('is shown as a whole', async () => {
    const child = replayEverything();
    let shown = 0;
    for await (const line of createInterface({ input: child.stdout }))
      if (line.includes('"type":"message"')) shown += 1;
    expect(shown).toBe(count);
  }, 900_000);

  it('is read no further than it is shown', async () => {
    const child = replayEverything();
    const ended = once(child, 'exit');
    try {
      const first = once(child.stdout, 'data');
      await first;
      child.stdout.pause();
      const seed = seedsIn(stage.workspace.read(manifest)).get('messaging-admin') ?? expect.unreachable();
      await using user = await logInToNats({ seed });
      const { consumers } = await jetstreamManager(user.connection);
      const delivered = async (): Promise<number> => {
        const all = [];
        for await (const { delivered: place } of consumers.list('demo-big')) all.push(place.stream_seq);
        return Math.max(...all);
      };
      // What is on its way arrives; then nothing more may.
      let before = -1;
      let now = await delivered();
      while (now !== before) {
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        before = now;
        now = await delivered();
      }
      expect(now).toBeGreaterThan(0);
      expect(now).toBeLessThan(count / 10);
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
  }, 300_000);
});

describe('arc contract tail', () => {
  it('shows messages as they arrive, until it is interrupted', async () => {
    const tail = stage.start(['contract', 'tail', 'demo', '--where', '/text=two', '--json']);
    const lines = tail.stdout[Symbol.asyncIterator]();
    let seen = '';
    // It is not known when it listens, so it is told until it has heard.
    const heard = (async () => {
      while (!seen.includes('"type":"message"')) seen += String((await lines.next()).value);
    })();
    let isHeard = false;
    void heard.then(() => {
      isHeard = true;
    });
    while (!isHeard) {
      await publishAnything('{"text":"one"}');
      await publishAnything('{"text":"two"}');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    tail.kill('SIGINT');
    await tail;
    expect(seen).toContain('"body":{"text":"two"}');
    expect(seen).not.toContain('"body":{"text":"one"}');
  });
});

describe('arc contract lag', () => {
  it('says how far each consumer is behind', async () => {
    const seed = seedsIn(stage.workspace.read(manifest)).get('messaging-admin') ?? expect.unreachable();
    await using user = await logInToNats({ seed });
    const { consumers } = await jetstreamManager(user.connection);
    await consumers.add('demo-events', { durable_name: 'reader', ack_policy: AckPolicy.Explicit });
    const { consumers: found } = resultOf<{ consumers: { consumer: string; pending: number }[] }>(
      (await stage.succeed(['contract', 'lag', '--json'])).stdout,
    );
    const [reader] = found.filter(({ consumer }) => consumer === 'reader');
    expect(reader).toMatchObject({ system: 'nats', from: 'demo-events', unacknowledged: 0 });
    expect(reader?.pending).toBeGreaterThanOrEqual(4);
  });
});

describe('arc health', () => {
  it('sends an event through contract and rights', async () => {
    const { stdout } = await stage.succeed(['health', 'messaging']);
    expect(stdout).toContain('the event came back, and where it may not go it was refused');
  });
});
