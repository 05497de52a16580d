import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AckPolicy,
  DiscardPolicy,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import { connect, headers, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ClientLanguage, clientLanguages } from '../../src/render/clients/clients.ts';
import {
  type ClientProgram,
  type ClientPrograms,
  demoContracts,
  prepareClientPrograms,
} from '../support/client-programs.ts';
import { type NatsServer, startNatsServer } from '../support/nats-server.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

// What clients read from a stream is handled, or kept as a dead letter, whatever befalls them on the way.

const wanted = needs('go', 'python3');
const subject = 'demo.notes.note.kept';
const [note] = demoContracts().messages.find(({ name }) => name === 'note-kept')?.examples ?? [];

describe('what generated clients read from a stream of NATS', wanted, () => {
  let programs: ClientPrograms;
  let server: NatsServer;
  let observer: NatsConnection;
  let manager: JetStreamManager;
  let running: ClientProgram[] = [];

  beforeAll(async () => {
    if (wanted.skip) return;
    programs = await prepareClientPrograms();
    const key = { id: 'key-of-user-1', key: randomBytes(32).toString('base64') };
    writeFileSync(join(programs.folder, 'keys.json'), JSON.stringify({ 'user-1': key }));
    server = await startNatsServer();
    observer = await connect({ servers: server.url });
    manager = await jetstreamManager(observer);
  });

  beforeEach(async () => {
    if (wanted.skip) return;
    for await (const { config } of manager.streams.list()) await manager.streams.delete(config.name);
    await manager.streams.add({ name: 'demo-notes', subjects: [subject] });
    await manager.streams.add({ name: 'demo-dead', subjects: ['demo.dead.>'], discard: DiscardPolicy.New });
    for (const role of ['archive', 'ledger'])
      await manager.consumers.add('demo-notes', {
        durable_name: `demo-${role}`,
        ack_policy: AckPolicy.Explicit,
        ack_wait: 1_000_000_000,
      });
  });

  afterEach(async () => {
    for (const program of running) await program.kill();
    running = [];
  });

  afterAll(async () => {
    await observer?.close();
    await programs?.dispose();
    await server?.dispose();
  });

  async function startConsuming(language: ClientLanguage, role: string) {
    const environment = { NATS_URL: server.url, KEYS_FILE: join(programs.folder, 'keys.json') };
    const program = await programs.start({ language, role, environment });
    running.push(program);
    await program.perform({ do: 'consume', message: 'note-kept' });
    return program;
  }

  /** Publishes as somebody who knows no contracts, and returns once the stream has it. */
  async function send(text: string, id: string): Promise<void> {
    const own = headers();
    own.set('ce-id', id);
    own.set('Nats-Msg-Id', id);
    const payload = JSON.stringify({ ...note, user_id: 'user-1', text });
    await jetstream(observer).publish(subject, payload, { headers: own });
  }

  /** The dead letters that their stream has, oldest first. */
  async function letters(): Promise<readonly { header: MsgHdrs; text: string }[]> {
    const { state } = await manager.streams.info('demo-dead');
    const found: { header: MsgHdrs; text: string }[] = [];
    for (let seq = state.first_seq; state.messages > 0 && seq <= state.last_seq; seq += 1) {
      const stored = await manager.streams.getMessage('demo-dead', { seq });
      if (stored !== null) found.push({ header: stored.header, text: stored.string() });
    }
    return found;
  }

  /** How many messages a role has not got, or not acknowledged. */
  async function open(role: string): Promise<number> {
    const { num_pending, num_ack_pending } = await manager.consumers.info('demo-notes', `demo-${role}`);
    return num_pending + num_ack_pending;
  }

  describe.each(clientLanguages)('in %s', (language) => {
    it('comes again while no stream takes its dead letter, and is lost nowhere', async () => {
      await manager.streams.update('demo-dead', { max_msgs: 1 });
      await jetstream(observer).publish('demo.dead.of.somebody.else', 'fills the stream');
      const archive = await startConsuming(language, 'archive');
      await jetstream(observer).publish(subject, 'no JSON');
      await send('fail', 'failing');
      const refusals = () => archive.reported.filter((text) => text.includes('could not be kept')).length;
      await until({ what: 'three letters are refused', ask: () => refusals() >= 3 });
      expect(await archive.perform({ do: 'counts' })).toMatchObject({ dead: 0 });
      expect(await open('archive')).toBe(2);
      await manager.streams.update('demo-dead', { max_msgs: -1 });
      await until({ what: 'both letters are kept', ask: async () => (await letters()).length === 3 });
      await until({ what: 'nothing is open', ask: async () => (await open('archive')) === 0 });
      const kept = (await letters()).slice(1).map(({ header, text }) => ({
        code: header.get('arc-dead-code'),
        role: header.get('arc-dead-role'),
        id: header.get('Nats-Msg-Id'),
        text,
      }));
      expect(kept).toEqual(
        expect.arrayContaining([
          { code: 'invalid', role: 'archive', id: 'dead-archive-demo-notes-1', text: 'no JSON' },
          {
            code: 'handler',
            role: 'archive',
            id: 'dead-archive-failing',
            text: JSON.stringify({ ...note, user_id: 'user-1', text: 'fail' }),
          },
        ]),
      );
      expect(await archive.perform({ do: 'counts' })).toMatchObject({ dead: 2 });
      await archive.leave();
    });

    it('is a dead letter of each role that fails on it', async () => {
      const both = [await startConsuming(language, 'archive'), await startConsuming(language, 'ledger')];
      await send('fail', 'failing');
      await until({ what: 'two letters', ask: async () => (await letters()).length === 2 });
      const kept = await letters();
      expect(kept.map(({ header }) => header.get('Nats-Msg-Id')).toSorted()).toEqual([
        'dead-archive-failing',
        'dead-ledger-failing',
      ]);
      expect(new Set(kept.map(({ text }) => text)).size).toBe(1);
      for (const program of both) await program.leave();
    });

    it('waits longer after each failure', async () => {
      const ledger = await startConsuming(language, 'ledger');
      const begun = Date.now();
      await send('fail', 'failing');
      await until({ what: 'the letter', ask: async () => (await letters()).length === 1 });
      // One second after the first delivery, and four after the second.
      expect(Date.now() - begun).toBeGreaterThanOrEqual(4_900);
      expect(await ledger.perform({ do: 'counts' })).toMatchObject({ received: 3, dead: 1 });
      await ledger.leave();
    });

    it('is acknowledged once, however long its handling takes', async () => {
      const archive = await startConsuming(language, 'archive');
      for (const id of ['one', 'two']) await send('slow', id);
      // A consumer learns after the publisher's answer that there is something for it.
      await until({ what: 'both have come', ask: () => archive.received.length === 2 });
      await until({ what: 'both are handled', ask: async () => (await open('archive')) === 0 });
      expect(archive.received.map(({ id }) => id)).toEqual(['one', 'two']);
      expect(await letters()).toEqual([]);
      await archive.leave();
    });

    it('is a dead letter once its program has ended with it as often as it may be delivered', async () => {
      await send('hang', 'hanging');
      for (let delivery = 1; delivery <= 2; delivery += 1) {
        const archive = await startConsuming(language, 'archive');
        await until({ what: 'it is handled', ask: () => archive.received.length === 1 });
        await archive.kill();
      }
      const archive = await startConsuming(language, 'archive');
      await until({ what: 'the letter', ask: async () => (await letters()).length === 1 });
      expect((await letters())[0]?.header.get('arc-dead-code')).toBe('handler');
      expect(archive.received).toEqual([]);
      await archive.leave();
    });
  });
});
