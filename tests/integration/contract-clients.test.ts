import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AckPolicy, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers, type Msg, type NatsConnection, nkeys } from '@nats-io/transport-node';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientLanguage, clientLanguages } from '../../src/render/clients/clients.ts';
import {
  type ClientProgram,
  type ClientPrograms,
  demoContracts,
  prepareClientPrograms,
} from '../support/client-programs.ts';
import { startHoldingProxy } from '../support/holding-proxy.ts';
import { type NatsServer, startNatsServer } from '../support/nats-server.ts';
import { needs } from '../support/needs.ts';
import { repository } from '../support/run-arc.ts';
import { until } from '../support/until.ts';

const wanted = needs('go', 'python3');
const pairs = clientLanguages.flatMap((from) => clientLanguages.map((to) => [from, to] as const));

/** Changes of a note that break its contract, and where. */
const brokenNotes: readonly (readonly [object, string])[] = [
  [{ weight: 2 }, '/weight'],
  [{ weight: -0.1 }, '/weight'],
  [{ pages: 0 }, '/pages'],
  [{ note_id: '550e8400' }, '/note_id'],
  [{ user_id: '' }, '/user_id'],
  [{ title: '' }, '/title'],
  [{ title: '🧀'.repeat(13) }, '/title'],
  [{ taken_at: 'yesterday' }, '/taken_at'],
  [{ taken_at: '2026-02-29T12:00:00Z' }, '/taken_at'],
  [{ taken_at: '2026-01-31T13:30:00' }, '/taken_at'],
  [{ taken_at: '2026-01-31T13:30:00Z\n' }, '/taken_at'],
  [{ kind: 'huge' }, '/kind'],
  [{ tags: ['a', 'b', 'c', 'd'] }, '/tags'],
  [{ tags: ['food', 'UPPER'] }, '/tags/1'],
  [{ tags: ['food\n'] }, '/tags/0'],
];

describe('generated clients on NATS', wanted, () => {
  let programs: ClientPrograms;
  let server: NatsServer;
  let observer: NatsConnection;
  const dead: Msg[] = [];
  const seen: Msg[] = [];
  const [note, bare] = demoContracts().messages.find(({ name }) => name === 'note-taken')?.examples ?? [];

  beforeAll(async () => {
    if (wanted.skip) return;
    programs = await prepareClientPrograms();
    writeKeys(['user-1', 'user-2']);
    server = await startNatsServer();
    observer = await connect({ servers: server.url });
    const manager = await jetstreamManager(observer);
    await manager.streams.add({ name: 'demo-notes', subjects: ['demo.notes.note.kept'] });
    await manager.streams.add({ name: 'demo-dead', subjects: ['demo.dead.>'] });
    await manager.consumers.add('demo-notes', {
      durable_name: 'demo-archive',
      ack_policy: AckPolicy.Explicit,
    });
    collect('demo.dead.>', dead);
    collect('demo.notes.>', seen);
    await observer.flush();
  });

  afterAll(async () => {
    await observer?.close();
    await programs?.dispose();
    await server?.dispose();
  });

  function collect(subject: string, into: Msg[]): void {
    observer.subscribe(subject, {
      callback: (_, message) => {
        into.push(message);
      },
    });
  }

  function allSeen(id: unknown): readonly Msg[] {
    return seen.filter(({ headers }) => headers?.get('ce-id') === id);
  }

  /** A published message as the observer has it: it may arrive there after everybody else has it. */
  async function observed(id: unknown): Promise<Msg | undefined> {
    await until({ what: `the observer has ${id}`, ask: () => allSeen(id).length > 0 });
    return allSeen(id)[0];
  }

  function writeKeys(users: readonly string[]): void {
    const keys = users.map((user) => [
      user,
      { id: `key-of-${user}`, key: randomBytes(32).toString('base64') },
    ]);
    writeFileSync(join(programs.folder, 'keys.json'), JSON.stringify(Object.fromEntries(keys)));
  }

  function start(language: ClientLanguage, role: string, more: Record<string, string> = {}) {
    const environment = { NATS_URL: server.url, KEYS_FILE: join(programs.folder, 'keys.json'), ...more };
    return programs.start({ language, role, environment });
  }

  async function leaveAll(...all: readonly ClientProgram[]): Promise<void> {
    await Promise.all(all.map((program) => program.leave()));
  }

  it('generates TypeScript that type-checks strictly', async () => {
    const config = join(programs.folder, 'tsconfig.json');
    writeFileSync(
      config,
      JSON.stringify({
        extends: join(repository, 'tsconfig.json'),
        compilerOptions: { typeRoots: [join(repository, 'node_modules', '@types')] },
        include: ['packages/contracts/typescript/**/*.ts'],
      }),
    );
    const compiler = join(repository, 'node_modules', '.bin', 'tsc');
    await execa(compiler, ['--project', config], { cwd: repository, preferLocal: true });
  });

  it('generates Go as gofmt writes it', async () => {
    const cwd = join(programs.folder, 'packages', 'contracts', 'go');
    const { stdout } = await execa('go', ['fmt', './...'], { cwd });
    expect(stdout).toBe('');
  });

  it.each(pairs)('carries a message from %s to %s with its id, source, time and trace', async (from, to) => {
    const [desk, reader] = await Promise.all([start(from, 'desk'), start(to, 'reader')]);
    await reader.perform({ do: 'subscribe', message: 'note-taken' });
    const { id } = await desk.perform({ do: 'publish', message: 'note-taken', data: note ?? {} });
    await desk.perform({ do: 'publish', message: 'note-taken', data: bare ?? {} });
    await until({ what: 'both arrive', ask: () => reader.received.length === 2 });
    const [first, second] = reader.received;
    expect(first).toMatchObject({ data: note, id, source: '/arc/desk', unreadable: [] });
    expect(first?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(first?.trace.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(second?.data).toEqual(bare);
    const raw = await observed(id);
    expect(raw?.headers?.get('ce-type')).toBe('arc.demo.note-taken.v1');
    expect(raw?.headers?.get('traceparent')).toBe(first?.trace.traceparent);
    await leaveAll(desk, reader);
  });

  describe.each(clientLanguages)('in %s', (language) => {
    it('refuses to publish what breaks the contract, and says where', async () => {
      const desk = await start(language, 'desk');
      const refusals: string[] = [];
      for (const [changes] of brokenNotes) {
        const data = { ...note, ...changes };
        await desk.perform({ do: 'publish', message: 'note-taken', data }).catch((error: Error) => {
          refusals.push(error.message);
        });
      }
      expect(refusals).toEqual(brokenNotes.map(([, path]) => `invalid ${path}`));
      expect(await desk.perform({ do: 'counts' })).toMatchObject({
        published: 0,
        refused: brokenNotes.length,
      });
      await desk.leave();
    });

    it('is subscribed only once the server knows of it', async () => {
      const proxy = await startHoldingProxy({ port: Number(new URL(server.url).port) });
      const reader = await start(language, 'reader', { NATS_URL: `nats://127.0.0.1:${proxy.port}` });
      proxy.hold();
      for (const command of [{ do: 'subscribe', message: 'note-taken' }, { do: 'respond' }]) {
        let isSubscribed = false;
        const subscribing = reader.perform(command).then(() => {
          isSubscribed = true;
        });
        await sleep(500);
        expect(isSubscribed, command.do).toBe(false);
        proxy.release();
        await subscribing;
        proxy.hold();
      }
      observer.publish('demo.notes.note.taken', JSON.stringify(bare));
      await until({ what: 'the message arrives', ask: () => reader.received.length === 1 });
      proxy.release();
      await reader.leave();
      await proxy.close();
    });

    it('refuses what the contract does not give the role', async () => {
      const reader = await start(language, 'reader');
      await expect(
        reader.perform({ do: 'publish', message: 'note-taken', data: note ?? {} }),
      ).rejects.toThrow('not-a-publisher');
      await expect(reader.perform({ do: 'subscribe', message: 'note-kept' })).rejects.toThrow(
        'not-a-subscriber',
      );
      await reader.leave();
    });

    it('puts what it cannot read or handle aside as a dead letter, and goes on', async () => {
      const archive = await start(language, 'archive');
      await archive.perform({ do: 'subscribe', message: 'note-taken' });
      const before = dead.length;
      const type = 'arc.demo.note-taken.v1';
      const of = headers();
      of.set('ce-type', type);
      const send = (text: string) => observer.publish('demo.notes.note.taken', text, { headers: of });
      send('no JSON');
      send(JSON.stringify({ ...note, kind: 'huge' }));
      send(JSON.stringify({ ...note, text: 'fail' }));
      send(JSON.stringify({ ...note, of_a_later_version: true }));
      await until({ what: 'the last one arrives', ask: () => archive.received.length === 1 });
      await until({ what: 'three dead letters', ask: () => dead.length - before === 3 });
      const letters = dead.slice(before).map((letter) => ({
        code: letter.headers?.get('arc-dead-code'),
        path: letter.headers?.get('arc-dead-path'),
        role: letter.headers?.get('arc-dead-role'),
        subject: letter.headers?.get('arc-dead-subject'),
        type: letter.headers?.get('ce-type'),
      }));
      const same = { role: 'archive', subject: 'demo.notes.note.taken', type };
      expect(letters).toEqual([
        { code: 'invalid', path: '', ...same },
        { code: 'invalid', path: '/kind', ...same },
        { code: 'handler', path: '', ...same },
      ]);
      expect(dead[before]?.subject).toBe('demo.dead.demo.notes.note.taken');
      expect(dead[before]?.string()).toBe('no JSON');
      expect(await archive.perform({ do: 'counts' })).toMatchObject({ received: 4, dead: 3 });
      await archive.leave();
    });

    it('gives each message to one member of the queue group, and to every other role', async () => {
      const readers = await Promise.all([start(language, 'reader'), start(language, 'reader')]);
      const all = [...readers, await start(language, 'archive')];
      for (const one of all) await one.perform({ do: 'subscribe', message: 'note-taken' });
      const desk = await start(language, 'desk');
      for (let count = 0; count < 30; count += 1) {
        await desk.perform({ do: 'publish', message: 'note-taken', data: bare ?? {} });
      }
      const counts = () => all.map(({ received }) => received.length);
      await until({ what: 'all arrive', ask: () => counts().reduce((sum, count) => sum + count) === 60 });
      const [one = 0, other = 0, archived] = counts();
      expect([one + other, archived]).toEqual([30, 30]);
      expect(Math.min(one, other)).toBeGreaterThan(0);
      await leaveAll(desk, ...all);
    });

    it('encrypts personal fields on the way, and opens them where the key is', async () => {
      const [desk, reader] = await Promise.all([start(language, 'desk'), start(language, 'archive')]);
      const { id } = await desk.perform({ do: 'publish', message: 'note-kept', data: note ?? {} });
      await reader.perform({ do: 'consume', message: 'note-kept' });
      const arrived = () => reader.received.find((message) => message.id === id);
      await until({ what: 'it arrives', ask: () => arrived() !== undefined });
      expect(arrived()?.data).toEqual(note);
      const raw = await observed(id);
      expect(raw?.string()).not.toMatch(/Käse|buy/);
      expect(raw?.json()).toMatchObject({
        user_id: 'user-1',
        text: expect.stringMatching(/^arc:sealed:v1:key-of-user-1:/),
      });
      await leaveAll(desk, reader);
    });

    it('keeps a repeated message of a stream once', async () => {
      const desk = await start(language, 'desk');
      const messageId = `twice-${language}`;
      const streamed = async () => {
        const { state } = await (await jetstreamManager(observer)).streams.info('demo-notes');
        return state.messages;
      };
      const kept = await streamed();
      for (let count = 0; count < 2; count += 1) {
        await desk.perform({ do: 'publish', message: 'note-kept', data: bare ?? {}, messageId });
      }
      expect(await streamed()).toBe(kept + 1);
      await until({ what: 'both were sent', ask: () => allSeen(messageId).length === 2 });
      await desk.leave();
    });

    it('delivers again what its program fails on, and makes it a dead letter after the last delivery', async () => {
      const [desk, archive] = await Promise.all([start(language, 'desk'), start(language, 'archive')]);
      const before = dead.length;
      await desk.perform({ do: 'publish', message: 'note-kept', data: { ...bare, text: 'fail' } });
      await archive.perform({ do: 'consume', message: 'note-kept' });
      await until({ what: 'it is dead', ask: () => dead.length > before });
      expect(dead.at(-1)?.headers?.get('arc-dead-code')).toBe('handler');
      expect(dead.at(-1)?.json()).toMatchObject({ text: expect.stringMatching(/^arc:sealed:/) });
      await leaveAll(desk, archive);
    });

    it('asks in one language and is answered in another, with an error where there is no answer', async () => {
      const [desk, reader] = await Promise.all([start(language, 'desk'), start(nextTo(language), 'reader')]);
      await reader.perform({ do: 'respond' });
      const ask = (text: string) => desk.perform({ do: 'request', data: { user_id: 'user-1', text } });
      expect(await ask('when?')).toMatchObject({ data: { text: 'you asked: when?' } });
      expect(reader.received.at(-1)?.data).toEqual({ user_id: 'user-1', text: 'when?' });
      await expect(ask('fail')).rejects.toThrow(/^refused/);
      await expect(ask('')).rejects.toThrow(/^refused/);
      await leaveAll(desk, reader);
    });

    it('connects again after the server was killed, and receives as before', async () => {
      const own = await startNatsServer();
      const [desk, archive] = await Promise.all([
        start(language, 'desk', { NATS_URL: own.url }),
        start(language, 'archive', { NATS_URL: own.url }),
      ]);
      await archive.perform({ do: 'subscribe', message: 'note-taken' });
      await own.kill();
      await until({ what: 'it notices', ask: () => archive.reported.length > 0 });
      await own.again();
      await until({
        what: 'a message passes',
        ask: async () => {
          await desk.perform({ do: 'publish', message: 'note-taken', data: bare ?? {} });
          return archive.received.length > 0;
        },
      });
      await leaveAll(desk, archive);
      await own.dispose();
    });
  });

  it('logs in with the seed of an nkey from a file', async () => {
    const user = nkeys.createUser();
    const seedFile = join(programs.folder, 'seed');
    writeFileSync(seedFile, `${new TextDecoder().decode(user.getSeed())}\n`);
    const own = await startNatsServer({
      config: `authorization { users: [ { nkey: ${user.getPublicKey()}, permissions: { publish: "demo.>", subscribe: "_INBOX_desk.>" } } ] }`,
    });
    for (const language of clientLanguages) {
      const desk = await start(language, 'desk', { NATS_URL: own.url, NATS_SEED_FILE: seedFile });
      await desk.perform({ do: 'publish', message: 'note-taken', data: bare ?? {} });
      await desk.leave();
    }
    await own.dispose();
  });

  it('is told in TypeScript that its key is refused, and waits for a server that is away', async () => {
    const [known, unknown] = [nkeys.createUser(), nkeys.createUser()];
    const seedFile = join(programs.folder, 'own-seed');
    const keep = (user: typeof known) =>
      writeFileSync(seedFile, `${new TextDecoder().decode(user.getSeed())}\n`);
    const own = await startNatsServer({
      config: `authorization { users: [ { nkey: ${known.getPublicKey()} } ] }`,
    });
    const login = () => start('typescript', 'desk', { NATS_URL: own.url, NATS_SEED_FILE: seedFile });
    keep(unknown);
    await expect(login()).rejects.toThrow('NATS refuses the key of desk');
    keep(known);
    await own.kill();
    const waiting = login();
    await sleep(1_000);
    await own.again();
    const desk = await waiting;
    await desk.perform({ do: 'publish', message: 'note-taken', data: bare ?? {} });
    await desk.leave();
    await own.dispose();
  });

  it('leaves only after it has handled what had arrived', async () => {
    for (const language of clientLanguages) {
      const archive = await start(language, 'archive');
      await archive.perform({ do: 'subscribe', message: 'note-taken' });
      for (let count = 0; count < 200; count += 1)
        observer.publish('demo.notes.note.taken', JSON.stringify(bare));
      await observer.flush();
      await archive.leave();
      expect(archive.received.length, language).toBe(200);
    }
  });

  it('keeps what was encrypted unreadable once the key is gone, with what is not personal', async () => {
    const desk = await start('go', 'desk');
    const { id } = await desk.perform({ do: 'publish', message: 'note-kept', data: note ?? {} });
    const raw = await observed(id);
    await desk.leave();
    const keys = join(programs.folder, 'keys.json');
    const before = readFileSync(keys, 'utf8');
    writeKeys([]);
    for (const language of clientLanguages) {
      const archive = await start(language, 'archive');
      await archive.perform({ do: 'subscribe', message: 'note-kept' });
      observer.publish('demo.notes.note.kept', raw?.data);
      await until({ what: `${language} receives it`, ask: () => archive.received.length === 1 });
      const [message] = archive.received;
      expect(message?.unreadable, language).toEqual(['/text', '/lines/0/said', '/lines/1/said']);
      expect(JSON.stringify(message), language).not.toMatch(/Käse|buy/);
      expect(message?.data, language).toMatchObject({
        note_id: note?.note_id,
        user_id: 'user-1',
        tags: ['food'],
      });
      await archive.leave();
    }
    writeFileSync(keys, before);
  });
});

function nextTo(language: ClientLanguage): ClientLanguage {
  const at = clientLanguages.indexOf(language);
  return clientLanguages[(at + 1) % clientLanguages.length] ?? language;
}
