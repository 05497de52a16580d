import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type ClientProgram,
  type ClientPrograms,
  demoContracts,
  prepareClientPrograms,
} from '../support/client-programs.ts';
import { needs } from '../support/needs.ts';
import { readTopic, type TopicMessage } from '../support/pulsar-reader.ts';
import { repository } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

// The generated clients on a broker that arc has made for their contract, with keys in the database. In this order: the
// last test makes a user's messages unreadable.

const wanted = needs('go', 'python3');
/** Those that speak Pulsar's protocol. */
const languages = ['python', 'go'] as const;
type Language = (typeof languages)[number];
const pairs = languages.flatMap((from) => languages.map((to) => [from, to] as const));

const origin = 'http://127.0.0.1:8082';
const topic = 'arc/notes/kept';
const letters = 'arc/notes/kept-archive-DLQ';
const keysUrl = 'postgres://contract_keys:arc-dev-sql-contract-keys-password@127.0.0.1:5432/arc';
const [note, bare] = demoContracts().messages.find(({ name }) => name === 'note-kept')?.examples ?? [];
const sealed = /^arc:sealed:v1:[0-9a-f-]{36}:/;

describe('generated clients on Pulsar', wanted, () => {
  let stage: Stage;
  let programs: ClientPrograms;
  let running: ClientProgram[] = [];

  beforeAll(async () => {
    if (wanted.skip) return;
    stage = await openStage();
    const demo = readFileSync(join(repository, 'tests', 'fixtures', 'clients', 'demo.yaml'), 'utf8');
    stage.workspace.write('contracts/demo.yaml', demo);
    await stage.succeed(['images', 'build', 'sql', '--bases', 'local']);
    await stage.succeed([
      ...['up', 'streaming', 'sql', '--yes', '--bases', 'local'],
      ...['--set', 'streaming_subscriptions=archive,tape'],
    ]);
    programs = await prepareClientPrograms();
  }, 900_000);

  afterEach(async () => {
    for (const program of running) await program.kill();
    running = [];
  });

  afterAll(async () => {
    await programs?.dispose();
    await stage?.close();
  });

  async function start(language: Language, role: string): Promise<ClientProgram> {
    const environment = { PULSAR_URL: 'pulsar://127.0.0.1:6650', KEYS_URL: keysUrl };
    const program = await programs.start({ language, role, environment });
    running.push(program);
    return program;
  }

  /** Publishes notes, and returns their ids. */
  async function publish(language: Language, notes: readonly object[]): Promise<readonly string[]> {
    const desk = await start(language, 'desk');
    const ids: string[] = [];
    for (const data of notes) {
      const { id } = await desk.perform({ do: 'publish', message: 'note-kept', data });
      ids.push(String(id));
    }
    await desk.leave();
    return ids;
  }

  /** What the topic keeps of some messages, as it is on the disk. */
  async function kept(ids: readonly string[]): Promise<readonly TopicMessage[]> {
    const all = [...(await readTopic(`${topic}-partition-0`)), ...(await readTopic(`${topic}-partition-1`))];
    return ids.flatMap((id) => all.filter(({ properties }) => properties['ce-id'] === id));
  }

  it.each(pairs)(
    'carry a message from %s to %s, with its id, source, time and trace as properties',
    async (from, to) => {
      const archive = await start(to, 'archive');
      await archive.perform({ do: 'subscribe', message: 'note-kept' });
      const ids = await publish(from, [note ?? {}, bare ?? {}]);
      const received = () => ids.flatMap((id) => archive.received.filter((message) => message.id === id));
      await until({ what: 'both arrive', ask: () => received().length === 2 });
      const [first, second] = received();
      expect(first).toMatchObject({ data: note, source: '/arc/desk', unreadable: [] });
      expect(first?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(second?.data).toEqual(bare);
      const [raw] = await kept(ids);
      expect(raw?.key).toBe('user-1');
      expect(raw?.properties).toMatchObject({
        'ce-type': 'arc.demo.note-kept.v1',
        'ce-source': '/arc/desk',
        'ce-time': first?.time,
        traceparent: first?.trace.traceparent,
      });
      expect(raw?.data).toMatchObject({ user_id: 'user-1', text: expect.stringMatching(sealed) });
      expect(JSON.stringify(raw)).not.toMatch(/Käse|buy/);
      await archive.leave();
    },
  );

  it('end well in Python each time, although the client of Pulsar has threads of its own', async () => {
    for (let round = 0; round < 5; round += 1)
      // Several at once: the threads of one are late while the others run.
      await Promise.all(
        Array.from({ length: 4 }, async () => {
          const archive = await start('python', 'archive');
          await archive.perform({ do: 'subscribe', message: 'note-kept' });
          await archive.leave();
        }),
      );
  });

  describe.each(languages)('in %s', (language) => {
    it('refuse what breaks the contract, with its place, and what the role may not do', async () => {
      const desk = await start(language, 'desk');
      const reader = await start(language, 'reader');
      for (const [changes, problem] of [
        [{ kind: 'huge' }, 'invalid /kind'],
        [{ tags: ['food', 'UPPER'] }, 'invalid /tags/1'],
        [{ taken_at: 'yesterday' }, 'invalid /taken_at'],
      ] as const) {
        const publishing = desk.perform({
          do: 'publish',
          message: 'note-kept',
          data: { ...note, ...changes },
        });
        await expect(publishing).rejects.toThrow(problem);
      }
      await expect(reader.perform({ do: 'publish', message: 'note-kept', data: note ?? {} })).rejects.toThrow(
        'not-a-publisher',
      );
      await expect(desk.perform({ do: 'subscribe', message: 'note-kept' })).rejects.toThrow(
        'not-a-subscriber',
      );
      expect(await desk.perform({ do: 'counts' })).toMatchObject({ published: 0, refused: 3 });
    });

    it('make a message that its program fails on a dead letter after the redeliveries of the contract', async () => {
      const archive = await start(language, 'archive');
      await archive.perform({ do: 'subscribe', message: 'note-kept' });
      const [id] = await publish(language, [{ ...note, text: 'fail' }, note ?? {}]);
      const letter = await until({
        what: 'the dead letter',
        ask: async () => (await readTopic(letters)).find(({ properties }) => properties['ce-id'] === id),
      });
      expect(letter.data).toMatchObject({ note_id: note?.note_id, text: expect.stringMatching(sealed) });
      expect(letter.properties).toMatchObject({ 'ce-type': 'arc.demo.note-kept.v1' });
      await until({ what: 'the other message', ask: () => archive.received.length === 1 });
      // Once, and one redelivery.
      expect(await archive.perform({ do: 'counts' })).toMatchObject({ received: 3, failed: 2 });
      await archive.leave();
    });
  });

  it('are the only way in: the broker takes nothing without the schema, such as by WebSocket', async () => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/ws/v2/producer/persistent/${topic}`);
    const outcome = await new Promise<string>((resolve) => {
      socket.onopen = () => resolve('taken');
      socket.onerror = () => resolve('refused');
    });
    socket.close();
    expect(outcome).toBe('refused');
  });

  it('read nothing personal in a replay once the user is forgotten', async () => {
    await publish('go', [note ?? {}, { ...note, user_id: 'user-2' }]);
    await stage.succeed(['contract', 'forget', 'user-1', '--yes']);
    for (const language of languages) {
      const answer = await fetch(`${origin}/admin/v2/persistent/${topic}/subscription/tape/resetcursor/0`, {
        method: 'POST',
        signal: AbortSignal.timeout(30_000),
      });
      expect(answer.ok, await answer.text()).toBe(true);
      const reader = await start(language, 'reader');
      await reader.perform({ do: 'subscribe', message: 'note-kept' });
      const of = (user: string) => reader.received.filter(({ data }) => data.user_id === user);
      // Those of the tests before, and of this one.
      await until({
        what: 'the whole topic',
        ask: () => of('user-1').length >= 9 && of('user-2').length >= 5,
      });
      for (const message of of('user-1')) {
        expect(message.unreadable).toContain('/text');
        expect(JSON.stringify(message)).not.toMatch(/Käse|buy|fail/);
        expect(message.data).toMatchObject({ note_id: note?.note_id, user_id: 'user-1' });
      }
      expect(of('user-2').every(({ unreadable }) => unreadable.length === 0)).toBe(true);
      await reader.leave();
    }
  });
});
