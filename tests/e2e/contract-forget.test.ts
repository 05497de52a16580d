import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { AckPolicy, jetstreamManager } from '@nats-io/jetstream';
import { connect, type Msg, type NatsConnection } from '@nats-io/transport-node';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientLanguages } from '../../src/render/clients/clients.ts';
import {
  type ClientProgram,
  type ClientPrograms,
  demoContracts,
  prepareClientPrograms,
} from '../support/client-programs.ts';
import { type NatsServer, startNatsServer } from '../support/nats-server.ts';
import { needs } from '../support/needs.ts';
import { eventsOf, repository, resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

// Messages of two users in a real stream, with keys in the real database; then one of them is forgotten. In this order.
const wanted = needs('go', 'python3');
const keysUrl = 'postgres://contract_keys:arc-dev-sql-contract-keys-password@127.0.0.1:5432/arc';

let stage: Stage;
let programs: ClientPrograms;
let server: NatsServer;
let observer: NatsConnection;
const kept: Msg[] = [];
const [note] = demoContracts().messages.find(({ name }) => name === 'note-kept')?.examples ?? [];
const ownContract = `domain: own
owner: cache
description: Messages of the test.
streams:
  own-events:
    description: Kept.
    subjects: [own.note.said]
    max_age: 1h
    max_bytes: 1m
messages:
  note-said:
    description: Somebody says something.
    publishers: [cache]
    nats: { subject: own.note.said, stream: own-events }
    personal: { user: /user_id, fields: [/text] }
    schema:
      type: object
      required: [user_id, text]
      properties: { user_id: { type: string, minLength: 1 }, text: { type: string } }
    examples: [{ user_id: user-1, text: one }]
`;
const noteOf = (user: string) => ({ ...note, user_id: user });

beforeAll(async () => {
  if (wanted.skip) return;
  stage = await openStage();
  cpSync(join(repository, 'contracts'), join(stage.workspace.root, 'contracts'), { recursive: true });
  await stage.succeed(['images', 'build', 'sql', '--bases', 'local']);
  await stage.succeed(['up', 'sql', '--bases', 'local']);
  programs = await prepareClientPrograms();
  server = await startNatsServer();
  observer = await connect({ servers: server.url });
  const manager = await jetstreamManager(observer);
  await manager.streams.add({ name: 'demo-notes', subjects: ['demo.notes.note.kept'] });
  await manager.streams.add({ name: 'demo-dead', subjects: ['demo.dead.>'] });
  await manager.consumers.add('demo-notes', {
    durable_name: 'demo-archive',
    ack_policy: AckPolicy.Explicit,
  });
  observer.subscribe('demo.notes.note.kept', {
    callback: (_, message) => {
      kept.push(message);
    },
  });
}, 400_000);

afterAll(async () => {
  await observer?.close();
  await programs?.dispose();
  await server?.dispose();
  await stage?.close();
});

/** Publishes notes of two users in each language, each under the keys of the database. */
async function publishAll(): Promise<void> {
  for (const language of clientLanguages) {
    const desk = await start(language, 'desk');
    for (const user of ['user-1', 'user-2']) {
      await desk.perform({ do: 'publish', message: 'note-kept', data: noteOf(user) });
    }
    await desk.leave();
  }
}

function start(language: (typeof clientLanguages)[number], role: string): Promise<ClientProgram> {
  return programs.start({ language, role, environment: { NATS_URL: server.url, KEYS_URL: keysUrl } });
}

/** Plays the stream from its beginning to a program of a language, and returns what that read. */
async function replayTo(language: (typeof clientLanguages)[number]) {
  const manager = await jetstreamManager(observer);
  await manager.consumers.delete('demo-notes', 'demo-archive');
  await manager.consumers.add('demo-notes', {
    durable_name: 'demo-archive',
    ack_policy: AckPolicy.Explicit,
  });
  const { state } = await manager.streams.info('demo-notes');
  const archive = await start(language, 'archive');
  await archive.perform({ do: 'consume', message: 'note-kept' });
  await until({ what: 'the whole stream arrives', ask: () => archive.received.length === state.messages });
  await archive.leave();
  return archive.received;
}

const place = { host: '127.0.0.1', port: 5432, database: 'arc' };

async function inDatabase(user: string, password: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ ...place, user, password });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

const asAdministrator = (statement: string) => inDatabase('postgres', 'arc-dev-sql-password', statement);

/** Where a key is in the file of a table; 0: nowhere. */
async function readFileOf(table: string, key: string): Promise<number> {
  await asAdministrator('CHECKPOINT');
  const [found] = await asAdministrator(
    `SELECT position('\\x${key}'::bytea IN pg_read_binary_file(pg_relation_filepath('${table}'))) AS at`,
  );
  return (found as { at: number }).at;
}

const states = `SELECT key IS NOT NULL AS has_key, coalesce(isfinite(destroyed_at), false) AS destroyed
  FROM privacy.user_keys ORDER BY user_id`;

let forgotten: { key: string; result: unknown } = { key: '', result: undefined };

const forget = (...more: string[]) => stage.arc(['contract', 'forget', ...more]);

describe('personal fields, encrypted with keys in the database', wanted, () => {
  it('are read in every language, whoever wrote them', async () => {
    await publishAll();
    for (const language of clientLanguages) {
      const read = await replayTo(language);
      expect(read.map(({ data }) => data)).toEqual(
        clientLanguages.flatMap(() => [noteOf('user-1'), noteOf('user-2')]),
      );
    }
    expect(await asAdministrator('SELECT user_id FROM privacy.user_keys ORDER BY user_id')).toEqual([
      { user_id: 'user-1' },
      { user_id: 'user-2' },
    ]);
  });

  it('have keys that a program gets one by one, and cannot list', async () => {
    const asProgram = (statement: string) =>
      inDatabase('contract_keys', 'arc-dev-sql-contract-keys-password', statement);
    for (const statement of [
      'SELECT * FROM privacy.user_keys',
      "UPDATE privacy.user_keys SET user_id = 'me'",
      'DELETE FROM privacy.user_keys',
      'SELECT * FROM agents.conversations',
    ]) {
      await expect(asProgram(statement), statement).rejects.toThrow(/permission denied/);
    }
    await expect(
      inDatabase('voice_agent', 'arc-dev-sql-voice-agent-password', "SELECT privacy.key_by_id('')"),
    ).rejects.toThrow(/permission denied/);
    expect(await asProgram("SELECT privacy.key_by_id('no key') AS key")).toEqual([{ key: null }]);
  });

  it('stay readable until somebody says yes', async () => {
    const { exitCode, output } = await forget('user-1');
    expect(exitCode).toBe(2);
    expect(output).toContain('add --yes to say yes');
    expect(output).toContain('persistent://arc/events/conversation');
    expect(await asAdministrator('SELECT 1 FROM privacy.user_keys WHERE key IS NULL')).toEqual([]);
  });

  it('count as readable while the key is still on the disk, so that forgetting can be repeated', async () => {
    const rows = await asAdministrator(
      "SELECT encode(key, 'hex') AS key FROM privacy.user_keys ORDER BY user_id",
    );
    const { key } = rows[0] as { key: string };
    // The statistics of a column hold some of its values.
    await asAdministrator('ANALYZE privacy.user_keys');
    const reader = new pg.Client({ ...place, user: 'postgres', password: 'arc-dev-sql-password' });
    await reader.connect();
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await reader.query('SELECT count(*) FROM privacy.user_keys');
    try {
      const { exitCode, output } = await forget('user-1', '--yes');
      expect(exitCode).toBe(1);
      expect(output).toContain('The key of user-1 is out of use, but still on the disk');
      expect(await readFileOf('privacy.user_keys', key)).not.toBe(0);
      expect(await asAdministrator(states)).toEqual([
        { has_key: false, destroyed: false },
        { has_key: true, destroyed: false },
      ]);
    } finally {
      await reader.end();
    }
    const { exitCode, stdout } = await forget('user-1', '--yes', '--json');
    expect(exitCode).toBe(0);
    forgotten = { key, result: resultOf(stdout) };
    expect(await asAdministrator(states)).toEqual([
      { has_key: false, destroyed: true },
      { has_key: true, destroyed: false },
    ]);
  });

  it('are unreadable once the user is forgotten, in a replay too, while everything else stays', async () => {
    expect(forgotten.result).toMatchObject({
      user: 'user-1',
      at: expect.stringMatching(/^\d{4}-/),
      places: expect.arrayContaining([
        {
          message: 'conversation',
          fields: ['/user_message/text', '/agent_response/text'],
          keptIn: ['NATS stream agent-outbox', 'persistent://arc/events/conversation'],
        },
      ]),
    });
    for (const table of ['privacy.user_keys', 'pg_catalog.pg_statistic'])
      expect(await readFileOf(table, forgotten.key), table).toBe(0);
    for (const language of clientLanguages) {
      const read = await replayTo(language);
      const unreadable = read.filter(({ data }) => data.user_id === 'user-1');
      const others = read.filter(({ data }) => data.user_id === 'user-2');
      expect(unreadable.length).toBe(clientLanguages.length);
      for (const message of unreadable) {
        expect(message.unreadable).toEqual(['/text', '/lines/0/said', '/lines/1/said']);
        expect(JSON.stringify(message)).not.toMatch(/Käse|buy/);
        expect(message).toMatchObject({
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          source: '/arc/desk',
          data: { note_id: note?.note_id, taken_at: note?.taken_at, user_id: 'user-1' },
        });
      }
      expect(others.map(({ data }) => data)).toEqual(clientLanguages.map(() => noteOf('user-2')));
    }
  });

  it('cannot be forgotten twice, and a user who comes back has a new key', async () => {
    const again = await forget('user-1', '--yes');
    expect(again.exitCode).toBe(2);
    expect(again.output).toContain('The user user-1 has no key');
    const before = kept.length;
    const desk = await start('go', 'desk');
    await desk.perform({ do: 'publish', message: 'note-kept', data: noteOf('user-1') });
    await desk.leave();
    await until({ what: 'the stream has it', ask: () => kept.length > before });
    const read = await replayTo('python');
    expect(read.at(-1)).toMatchObject({ data: noteOf('user-1'), unreadable: [] });
    expect(read[0]?.unreadable).not.toEqual([]);
  });

  it('are encrypted by `arc contract publish` with the same keys', async () => {
    stage.workspace.write('contracts/own.yaml', ownContract);
    stage.workspace.write('said.json', JSON.stringify({ user_id: 'user-3', text: 'buy Käse' }));
    await stage.succeed(['up', 'messaging', '--bases', 'local', '--yes']);
    await stage.succeed(['contract', 'publish', 'note-said', 'said.json']);
    const { stdout } = await stage.succeed(['contract', 'replay', 'note-said', '--json']);
    const [read] = eventsOf(stdout).filter(({ type }) => type === 'message');
    expect(read).toMatchObject({
      body: { user_id: 'user-3', text: expect.stringMatching(/^arc:sealed:v1:/) },
    });
    expect(
      await asAdministrator('SELECT user_id FROM privacy.user_keys WHERE key IS NOT NULL'),
    ).toContainEqual({ user_id: 'user-3' });
  });
});
