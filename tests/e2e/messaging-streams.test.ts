import { setTimeout as sleep } from 'node:timers/promises';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';

// One server from before it exists to after it is stopped, in this order. What NATS itself would refuse is tried on it
// as well, so that arc refuses exactly that.
const manifest = 'services/messaging/service.yaml';
const stream = (fields: string) => `  - { kind: nats.stream, name: turns, subjects: [turns.>]${fields} }\n`;
const consumer = (fields: string) => `  - { kind: nats.consumer, name: turns.reader${fields} }\n`;

let stage: Stage;
let connection: NatsConnection;
let written: string;

beforeAll(async () => {
  stage = await openStage();
  await stage.succeed(['images', 'build', 'messaging']);
  written = stage.workspace.read(manifest);
});
afterAll(async () => {
  await connection?.close();
  await stage?.close();
});

const other = '  - { kind: nats.stream, name: other, subjects: [other.>] }\n';
const declare = (...entries: string[]): void =>
  stage.workspace.write(manifest, `${written}provision:\n${other}${entries.join('')}`);
/** What the plan says of one of them. */
const plan = async (...more: string[]) =>
  (await stage.succeed(['plan', 'messaging', ...more])).stdout
    .split('\n')
    .filter((line) => / stream turns |consumer turns\.reader |^nothing to do$/.test(line));
const refused = async () => {
  const { exitCode, stderr } = await stage.arc(['plan', 'messaging']);
  expect(exitCode).toBe(1);
  return stderr;
};
const up = (...more: string[]) => stage.succeed(['up', 'messaging', '--yes', ...more]);

const streams = async () => (await jetstreamManager(connection)).streams;
const consumers = async () => (await jetstreamManager(connection)).consumers;
const messages = async () => (await (await streams()).info('turns')).state.messages;
const publish = async (count: number, text = 'hello'): Promise<void> => {
  for (let at = 0; at < count; at += 1) await jetstream(connection).publish('turns.one', text);
};

describe('a stream that a manifest declares', () => {
  it('is created with the boot, and nothing is left to do', async () => {
    declare(
      stream(', storage: file, retention: limits, max_age: 1h, duplicate_window: 1m'),
      consumer(', deliver: all'),
    );
    expect(await plan()).toEqual([
      '+ stream turns  (no existing stream)',
      '+ consumer turns.reader  (no existing consumer)',
    ]);
    await up();
    expect(await plan()).toEqual(['nothing to do']);
    const seed = /dev: (SU\w+)/.exec(written)?.[1] ?? expect.unreachable();
    connection = await connect({
      servers: '127.0.0.1:4222',
      authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)),
    });
    expect((await (await streams()).info('turns')).config).toMatchObject({
      subjects: ['turns.>'],
      max_age: 3_600_000_000_000,
      duplicate_window: 60_000_000_000,
    });
  });

  it('is changed as its manifest is, and so is its consumer', async () => {
    declare(
      stream(', storage: file, retention: limits, max_age: 2h, duplicate_window: 1m, description: Turns'),
      consumer(', deliver: all, max_deliver: 5, ack_wait: 10s'),
    );
    expect(await plan()).toEqual([
      '~ stream turns  (description: none → Turns; max_age: 1 hour → 2 hours)',
      '~ consumer turns.reader  (ack_wait: 30 s → 10 s; max_deliver: none → 5)',
    ]);
    await up();
    expect(await plan()).toEqual(['nothing to do']);
  });

  it('that somebody changed by hand is shown, and mended', async () => {
    await (await streams()).update('turns', { max_age: 7_200_000_000_000 * 2 });
    await (await consumers()).update('turns', 'reader', { max_deliver: 9 });
    expect(await plan()).toEqual([
      '~ stream turns  (max_age: 4 hours → 2 hours, changed by hand)',
      '~ consumer turns.reader  (max_deliver: 9 → 5, changed by hand)',
    ]);
    const { exitCode, stdout } = await stage.arc(['drift', 'messaging']);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 3, stdout: expect.stringContaining('turns') });
    await up();
    expect(await plan()).toEqual(['nothing to do']);
    expect((await (await streams()).info('turns')).config.max_age).toBe(7_200_000_000_000);
  });
});

describe('what NATS refuses is refused by the plan', () => {
  const before = ', storage: file, retention: limits, max_age: 2h, duplicate_window: 1m';

  it.each([
    ['storage', 'storage: memory', 'from file to memory', { storage: 'memory' }],
    ['retention', 'retention: workqueue', 'from limits to workqueue', { retention: 'workqueue' }],
  ] as const)('another %s', async (field, text, words, config) => {
    declare(stream(`, ${text}, max_age: 2h, duplicate_window: 1m`), consumer(', deliver: all'));
    expect(await refused()).toContain(`NATS cannot change ${field} of the stream turns ${words}.`);
    await expect((await streams()).update('turns', config as never)).rejects.toMatchObject({ code: 10052 });
  });

  it.each(['deny_delete', 'deny_purge', 'allow_msg_ttl'])('taking back %s', async (field) => {
    declare(stream(`${before}, ${field}: true`));
    await up('--lose', 'consumer/turns.reader');
    declare(stream(`${before}, ${field}: false`));
    expect(await refused()).toContain(`NATS cannot change ${field} of the stream turns from on to off.`);
    await expect((await streams()).update('turns', { [field]: false })).rejects.toMatchObject({
      code: 10052,
    });
  });

  it('a window for repeated messages that is longer than they are kept', async () => {
    declare(stream(', max_age: 30s, duplicate_window: 1m'));
    expect(await refused()).toContain(
      'The stream turns would recognise repeated messages for 1 minute and keep them for 30 s only.',
    );
    await expect((await streams()).update('turns', { max_age: 30_000_000_000 })).rejects.toMatchObject({
      code: 10052,
    });
  });

  it('where a consumer begins', async () => {
    declare(stream(before), consumer(', deliver: all'));
    await up();
    declare(stream(before), consumer(', deliver: new'));
    expect(await refused()).toContain(
      'NATS cannot change deliver from all to new of the consumer turns.reader.',
    );
    await expect(
      (await consumers()).update('turns', 'reader', { deliver_policy: 'new' } as never),
    ).rejects.toMatchObject({ code: 10012 });
  });
});

describe('a change that deletes messages says how many, asks, and deletes as many', () => {
  it.each([
    ['max_messages: 8', 12, '4 messages by max_messages', 8],
    ['max_bytes: 0.2k', 0, 'about 4 messages by max_bytes', 4],
  ])('%s', async (fields, more, words, left) => {
    await publish(more);
    declare(stream(`, ${fields}`));
    expect(await plan()).toContainEqual(
      expect.stringMatching(new RegExp(`^~ stream turns .*; loses ${words}\\)$`)),
    );
    const unasked = await stage.arc(['up', 'messaging']);
    expect(unasked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`loses ${words}`) });
    await up('--lose', 'consumer/turns.reader');
    expect(await messages()).toBe(left);
  });

  it('max_age', async () => {
    declare(stream(', max_bytes: 1m, max_messages: 100'));
    await up();
    await sleep(2_100);
    await publish(1);
    declare(stream(', max_age: 2s, duplicate_window: 1s'));
    expect(await plan()).toEqual([expect.stringContaining('loses 4 messages by max_age')]);
  });

  it('retention by interest, for messages that no consumer needs', async () => {
    declare(stream(', retention: interest'));
    expect(await plan()).toEqual([expect.stringContaining('loses 5 messages that no consumer needs')]);
    await up();
    expect(await messages()).toBe(0);
  });
});

describe('a stream that no manifest declares any more', () => {
  it('stays while something is in it, until its loss is agreed to by name', async () => {
    declare(stream(', retention: interest'), consumer(''));
    await up();
    await publish(3);
    declare();
    const { stderr } = await up();
    expect(stderr).toContain('No manifest declares the stream turns any more, but it has 3 messages');
    expect(await plan('--lose', 'stream/turns', '--lose', 'consumer/turns.reader')).toEqual([
      '- consumer turns.reader  (no manifest declares it any more; loses its place in the stream, with 3 messages to come)',
      '- stream turns  (no manifest declares it any more; loses 3 messages and the place of a consumer)',
    ]);
    await up('--lose', 'stream/turns', '--lose', 'consumer/turns.reader');
    await expect((await streams()).info('turns')).rejects.toMatchObject({ status: 404 });
  });

  it('that arc did not make is left alone, and taken on where a manifest declares it', async () => {
    await (await streams()).add({ name: 'theirs', subjects: ['theirs.>'] });
    await up();
    expect((await (await streams()).info('theirs')).config.metadata).not.toHaveProperty('arc.project');
    declare('  - { kind: nats.stream, name: theirs, subjects: [theirs.>] }\n');
    await up();
    expect((await (await streams()).info('theirs')).config.metadata).toMatchObject({
      'arc.project': 'arc-e2e',
      'arc.origin': 'found',
    });
    declare();
    await up();
    expect((await (await streams()).info('theirs')).config.name).toBe('theirs');
  });
});
