import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { Secret } from '../../core/secret.ts';
import { lasting } from '../../core/socket-address.ts';
import type { LossQuestion } from '../provider.ts';
import { endLiveRooms, livekitLosses } from './losses.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const fields = {
  api_key: new Secret('devkey'),
  api_secret: new Secret('a-secret-of-32-characters-or-more'),
  aspect: 'api',
};
const at = { role: 'realtime', port: 'http' };

type Answers = Readonly<Record<string, { status: number; body: unknown }>>;

/** A server that answers each call of the API as given, and what it was called. */
async function stage(answers: Answers, stops: readonly string[]) {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    const call = request.url?.split('/').at(-1) ?? '';
    calls.push(call);
    const { status, body } = answers[call] ?? { status: 404, body: { code: 'not_found', msg: call } };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closing.push(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const question: LossQuestion = {
    server: {
      role: 'realtime',
      name: 'arc-realtime',
      probes: [
        { at, fields, needs: [] },
        { at, fields: { ...fields, aspect: 'egress' }, needs: ['realtime-egress'] },
      ],
    },
    stops: new Set(stops),
    removes: new Set(),
    reach: async () => lasting({ host: '127.0.0.1', port }),
    signal: new AbortController().signal,
  };
  return { question, calls };
}

async function lost(answers: Answers, stops: readonly string[]) {
  const { question } = await stage(answers, stops);
  return (await livekitLosses(question)).map(({ role, kind, text }) => `${role}, ${kind}: ${text}`);
}

const rooms = { status: 200, body: { rooms: [{ name: 'one' }, { name: 'two' }, { name: 'arc-health-1' }] } };
const recorder = { identity: 'EG_1', permission: { hidden: true, recorder: true } };
const people = { status: 200, body: { participants: [{ identity: 'a' }, { identity: 'b' }, recorder] } };
const recording = { status: 200, body: { items: [{ egressId: 'EG_1' }] } };
const nothing = { status: 200, body: {} };

describe('what a LiveKit server loses that stops', () => {
  test('is its rooms with who is in them, and the recordings', async () => {
    const answers = { ListRooms: rooms, ListParticipants: people, ListEgress: recording };
    expect(await lost(answers, ['realtime'])).toEqual([
      'realtime, live: 2 rooms, 4 participants',
      'realtime, live: 1 recording in progress',
    ]);
  });

  test('is no room in which nobody is, or only what records', async () => {
    const alone = { status: 200, body: { participants: [recorder] } };
    const answers = { ListRooms: rooms, ListParticipants: alone, ListEgress: nothing };
    expect(await lost(answers, ['realtime'])).toEqual([]);
  });

  test('is nothing where only a deep check has a room', async () => {
    const health = { status: 200, body: { rooms: [{ name: 'arc-health-1' }] } };
    expect(await lost({ ListRooms: health, ListEgress: nothing }, ['realtime'])).toEqual([]);
  });

  test('may be a room where the server refuses to list them', async () => {
    const refused = { status: 401, body: { code: 'unauthenticated', msg: 'invalid API key: devkey' } };
    expect(await lost({ ListRooms: refused, ListEgress: nothing }, ['realtime'])).toEqual([
      'realtime, live: any open room (the server does not list them: invalid API key: devkey)',
    ]);
  });

  test('is no recording where the server has no egress', async () => {
    const without = { status: 500, body: { code: 'internal', msg: 'egress not connected (redis required)' } };
    const answers = { ListRooms: rooms, ListParticipants: people, ListEgress: without };
    expect(await lost(answers, ['realtime'])).toEqual(['realtime, live: 2 rooms, 4 participants']);
  });

  test('may be a recording where the server does not list them', async () => {
    const broken = { status: 503, body: { code: 'unavailable', msg: 'no response from servers' } };
    const answers = { ListRooms: nothing, ListEgress: broken };
    expect(await lost(answers, ['realtime'])).toEqual([
      'realtime, live: any recording in progress (the server does not list them: no response from servers)',
    ]);
  });
});

describe('what a container loses that records', () => {
  test('is its recordings, whose end does not touch the rooms', async () => {
    const answers = { ListRooms: rooms, ListParticipants: people, ListEgress: recording };
    expect(await lost(answers, ['realtime-egress'])).toEqual([
      'realtime-egress, live: 1 recording in progress',
    ]);
  });
});

test('a container that has nothing to do with the server loses nothing, and the server is not asked', async () => {
  const { question, calls } = await stage({}, ['cache']);
  expect(await livekitLosses(question)).toEqual([]);
  await endLiveRooms(question);
  expect(calls).toEqual([]);
});

test('rooms are ended by name where the server stops, empty ones too, those of deep checks not', async () => {
  const answers = { ListRooms: rooms, ListParticipants: nothing, DeleteRoom: nothing };
  const { question, calls } = await stage(answers, ['realtime']);
  await endLiveRooms(question);
  expect(calls.filter((call) => call === 'DeleteRoom')).toHaveLength(2);
});
