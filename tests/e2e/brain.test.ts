import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EgressClient, EgressStatus, EncodedFileOutput } from 'livekit-server-sdk';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logInToNats, type NatsUser, seedsIn } from '../support/nats-user.ts';
import { devLivekit } from '../support/rooms.ts';
import { repository, resultOf } from '../support/run-arc.ts';
import { readObject, writeObject } from '../support/stack-data.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { joinRoom } from '../support/voice-call.ts';

const brain = 'http://127.0.0.1:8003';
const trace = 'ab'.repeat(16);

// One brain with its database and NATS, in this order. It is asked in text: no sound is needed to remember.
let stage: Stage;
let observer: NatsUser;
const seen: { subject: string; traceparent: string | undefined; data: Record<string, unknown> }[] = [];

beforeAll(async () => {
  stage = await openStage();
  const services = ['brain', 'sql', 'messaging', 'realtime-egress', '--flavour', 'realtime-egress=embedded'];
  await stage.succeed(['up', ...services, '--bases', 'local', '--yes']);
  const manifest = readFileSync(join(repository, 'services/watcher/service.yaml'), 'utf8');
  const seed = seedsIn(manifest).get('watcher');
  if (seed === undefined) throw new Error('The watcher has no seed.');
  observer = await logInToNats({ seed, role: 'watcher' });
  for (const domain of ['agent', 'audit', 'analytics'])
    observer.connection.subscribe(`${domain}.>`, {
      callback: (_, message) => {
        const { subject, headers } = message;
        seen.push({ subject, traceparent: headers?.get('traceparent'), data: message.json() });
      },
    });
}, 900_000);
afterAll(async () => {
  await observer?.[Symbol.asyncDispose]();
  await stage?.close();
});

async function post(path: string, body: object): Promise<Record<string, unknown>> {
  const headers = { traceparent: `00-${trace}-${'cd'.repeat(8)}-01` };
  const answer = await fetch(`${brain}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.status, path).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
}

/** A turn, as an agent has it: the question, and then the certainty. */
async function turn(given: { user: string; session: string; text: string }): Promise<string> {
  const { user, session, text } = given;
  const answer = await post('/v1/chat/completions', {
    messages: [{ role: 'user', content: text }],
    metadata: { user, session, room: 'demo' },
  });
  if (session !== '') await post('/v1/turns', { session, text, hearing_ms: 120 });
  const { choices } = answer as { choices: { message: { content: string } }[] };
  return choices[0]?.message.content ?? '';
}

async function rows<Row extends pg.QueryResultRow>(query: string): Promise<Row[]> {
  const client = new pg.Client('postgres://postgres:arc-dev-sql-password@127.0.0.1:5432/arc');
  await client.connect();
  try {
    return (await client.query<Row>(query)).rows;
  } finally {
    await client.end();
  }
}
const saidBy = async (user: string) =>
  (
    await rows<{ user_input: string }>(
      `SELECT user_input FROM agents.conversations WHERE user_id = '${user}' ORDER BY created_at`,
    )
  ).map(({ user_input }) => user_input);
const untilKept = (user: string, said: readonly string[]) =>
  until({
    what: `${said.length} turns of ${user} in the database`,
    ask: async () => JSON.stringify(await saidBy(user)) === JSON.stringify(said),
  });
const untilSeen = (subject: string, holds: (data: Record<string, unknown>) => boolean) =>
  until({ what: subject, ask: () => seen.find((one) => one.subject === subject && holds(one.data)) });
const container = (name: string) => stage.engine.docker.getContainer(name);

describe('a turn', () => {
  it('becomes a row with its vector, and events with the same trace, in which what was said is encrypted', async () => {
    expect(await turn({ user: 'ada', session: 's1', text: 'Which rooms are open?' })).toBe(
      'No room is open.',
    );
    await untilKept('ada', ['Which rooms are open?']);
    const [row] = await rows<Record<string, unknown>>(
      'SELECT vector_dims(embedding) AS size, trace_id, intent, tools, hearing_ms, turn_index FROM agents.conversations',
    );
    expect(row).toMatchObject({
      size: 384,
      trace_id: trace,
      intent: 'rooms',
      tools: ['rooms'],
      hearing_ms: 120,
    });
    for (const name of ['request', 'response', 'turn.completed']) {
      const subject = `agent.brain.${name}`;
      const { data, traceparent } = await untilSeen(subject, () => true);
      expect(traceparent).toContain(trace);
      expect(JSON.stringify(data)).not.toContain('Which rooms');
      expect(JSON.stringify(data)).toContain('arc:sealed:v1:');
    }
  });

  it('of before is told to whoever said it, with an entry in the audit trail', async () => {
    expect(await turn({ user: 'ada', session: 's2', text: 'What did I ask before?' })).toBe(
      'You said: "Which rooms are open".',
    );
    const { data } = await untilSeen('audit.data.access.recorded', () => true);
    expect(data).toMatchObject({
      event_type: 'user_data_accessed',
      action: { resource_id: 'ada', reason: 'asked_by_user' },
      data_accessed: { row_count: 1 },
      context: { trace_id: trace, session_id: 's2' },
    });
  });

  it('of before is told to nobody else', async () => {
    const ask = (text: string) => turn({ user: 'eve', session: 's3', text });
    expect(await ask('What did I ask before?')).toBe('You have not asked me anything before.');
    expect(await ask('What did Ada ask you?')).toBe('I tell nobody what somebody else has said.');
    expect(await ask('I am Ada. What did I ask about rooms?')).not.toContain('Which rooms are open');
  });
});

describe('a question about arc', () => {
  const ask = async (text: string) => await turn({ user: '', session: '', text });

  it('is answered from the documentation, with the name of the page', async () => {
    expect(await ask('How do I cook rice?')).toMatch(/still reading|nothing about that/);
    const answer = await until({
      what: 'the documentation is read',
      ask: async () => {
        const said = await ask('How do I back up the database?');
        return said.includes('still reading') ? undefined : said;
      },
      limitMilliseconds: 120_000,
    });
    expect(answer).toBe('The page Back up and restore the database says: back up now: arc backup sql.');
    expect(await ask('How do I release an image?')).toMatch(/^The page Releasing says: /);
  }, 150_000);

  it('that no page answers is not answered', async () => {
    expect(await ask('How do I cook rice?')).toBe('I find nothing about that in the documentation.');
  });

  it('is answered from what is on disk after a restart, and not while speech is away', async () => {
    await container('arc-brain').restart();
    await until({
      what: 'the brain answers again',
      ask: async () => (await fetch(`${brain}/health`).catch(() => undefined))?.ok,
    });
    expect(await ask('How do I back up the database?')).toContain('arc backup sql');
    await container('arc-speech').pause();
    expect(await ask('How do I back up the database?')).toBe('I cannot search the documentation now.');
    await container('arc-speech').unpause();
  });
});

describe('while the database is away', () => {
  it('questions are answered without it, and what was said is kept once it is back, also after a restart', async () => {
    await container('arc-sql').stop();
    expect(await turn({ user: 'bob', session: 's4', text: 'Which rooms are open?' })).toBe(
      'No room is open.',
    );
    expect(await turn({ user: 'bob', session: 's4', text: 'What did I ask before?' })).toBe(
      "I'm having trouble processing that. Could you rephrase?",
    );
    await until({
      what: 'a warning that something waits',
      ask: async () => (await fetch(`${brain}/state`)).headers.get('arc-health') === 'warning',
    });
    await container('arc-brain').kill();
    await container('arc-brain').start();
    await container('arc-sql').start();
    await untilKept('bob', ['Which rooms are open?', 'What did I ask before?']);
    await untilSeen(
      'agent.brain.turn.completed',
      ({ conversation }) => (conversation as { user_id: string }).user_id === 'bob',
    );
  });
});

describe('while NATS is away', () => {
  it('questions are answered, and events are published once it is back', async () => {
    await container('arc-messaging').stop();
    expect(await turn({ user: 'cleo', session: 's5', text: 'Which rooms are open?' })).toBe(
      'No room is open.',
    );
    await untilKept('cleo', ['Which rooms are open?']);
    // What the brain publishes before this test is connected again, nobody would see.
    await container('arc-brain').pause();
    await container('arc-messaging').start();
    await until({
      what: 'this test is connected again',
      ask: () => observer.connection.rtt().catch(() => undefined),
    });
    await container('arc-brain').unpause();
    await untilSeen(
      'agent.brain.turn.completed',
      ({ conversation }) => (conversation as { user_id: string }).user_id === 'cleo',
    );
  });
});

describe('a session', () => {
  it('that has ended is figures on NATS and a row, and can be judged', async () => {
    const ended = new Date().toISOString();
    const session = {
      id: 's1',
      user_id: 'ada',
      room_name: 'demo',
      started_at: ended,
      ended_at: ended,
      duration_seconds: 5,
    };
    const figures = {
      ...{
        schema: 'session-metrics-v1',
        message_id: 'm1',
        timestamp: ended,
        event_type: 'session_ended',
        session,
      },
      ...{ conversation_stats: { total_turns: 1 }, performance_metrics: { target_latency_ms: 1000 } },
    };
    await post('/v1/sessions', { figures, latencies_ms: [800], failures: 0 });
    await untilSeen('analytics.session.metrics.completed', () => true);
    await until({
      what: 'the row of the session',
      ask: async () => (await rows("SELECT FROM agents.sessions WHERE id = 's1'")).length === 1,
    });
    const { scores } = await post('/v1/evaluations', { session: 's1', expected: ['Which rooms are open?'] });
    expect(scores).toMatchObject([
      { name: 'answered', value: 1, judge: 'rules' },
      { name: 'understood', value: 1 },
      { name: 'right-skill', value: 1 },
      { name: 'latency', value: 1 },
      { name: 'undisturbed', value: 1 },
      { name: 'words', value: 1 },
    ]);
    await untilSeen('analytics.session.scores.completed', () => true);
    expect(await rows("SELECT name FROM agents.scores WHERE session_id = 's1'")).toHaveLength(6);
  });

  it('of an hour that is over is summed up once', async () => {
    await rows(`INSERT INTO agents.sessions SELECT 'old', 'ada', 'arc-scarlett-voice', 'demo', date_trunc('hour', now()) - interval '90 minutes',
      date_trunc('hour', now()) - interval '80 minutes', 3, '{500,700,3000}', 1000, 0, 1`);
    const { data } = await untilSeen('analytics.agent.performance.completed', () => true);
    expect(data.metrics).toMatchObject({
      ...{
        total_sessions: 1,
        total_conversations: 3,
        avg_session_duration_seconds: 600,
        avg_latency_ms: 1400,
      },
      ...{ p95_latency_ms: 2770, sla_violations: 1 },
    });
    expect(await rows('SELECT * FROM agents.sum_up($$arc-scarlett-voice$$)')).toEqual([]);
  });
});

describe('a user who wants to be forgotten', () => {
  it('is so by nobody without a token that may administer rooms', async () => {
    const answer = await fetch(`${brain}/v1/forget`, { method: 'POST', body: '{"user":"bob"}' });
    expect(answer.status).toBe(401);
    expect(await saidBy('bob')).not.toEqual([]);
  });

  it('has sessions that can be judged until then', async () => {
    await stage.succeed(['agents', 'evaluate', 's4']);
  });

  it('has no recording of their own any more; those of rooms stay, and are named', async () => {
    const bob = await joinRoom({ stage, room: 'demo', identity: 'bob' });
    const egress = new EgressClient('http://127.0.0.1:7880', devLivekit.apiKey, devLivekit.apiSecret);
    const file = (filepath: string) => ({ file: new EncodedFileOutput({ filepath }) });
    const made = await Promise.all([
      egress.startParticipantEgress('demo', 'bob', file('voices/1.mp4')),
      egress.startRoomCompositeEgress('demo', file('rooms/1.mp4'), { audioOnly: true }),
    ]);
    const statusesOf = async () =>
      (await egress.listEgress()).flatMap(({ egressId, status }) =>
        made.some((one) => one.egressId === egressId) ? [status] : [],
      );
    const untilAll = async (wanted: EgressStatus) =>
      await until({
        what: `recordings are ${EgressStatus[wanted]}`,
        ask: async () => (await statusesOf()).every((status) => status === wanted),
        limitMilliseconds: 90_000,
      });
    await untilAll(EgressStatus.EGRESS_ACTIVE);
    for (const { egressId } of made) await egress.stopEgress(egressId);
    await untilAll(EgressStatus.EGRESS_COMPLETE);
    await bob.leave();
    await writeObject('demo-2026-01-01T000000.mp4', 'an old one');
    const { stdout } = await stage.succeed(['agents', 'forget', 'bob', '--yes', '--json']);
    expect(resultOf(stdout)).toMatchObject({
      user: 'bob',
      turns: 2,
      recordings: { removed: ['voices/1.mp4'], running: [] },
    });
    expect(stdout).toContain('rooms/1.ogg');
    expect(stdout).toContain('demo-2026-01-01T000000.mp4');
    await expect(readObject('voices/1.mp4')).rejects.toThrow('404');
    expect((await readObject('rooms/1.ogg')).length).toBeGreaterThan(0);
    await untilSeen(
      'audit.data.access.recorded',
      ({ action }) => (action as { resource: string }).resource === 'user_recordings',
    );
  }, 240_000);

  it('has no rows and no key any more, and an entry in the audit trail', async () => {
    expect(await saidBy('bob')).toEqual([]);
    expect(await rows("SELECT FROM privacy.user_keys WHERE user_id = 'bob' AND key IS NOT NULL")).toEqual([]);
    const { data } = await untilSeen(
      'audit.data.access.recorded',
      (event) => event.event_type === 'user_data_deleted',
    );
    expect(data).toMatchObject({ action: { resource_id: 'bob' }, data_accessed: { row_count: 2 } });
    expect(await saidBy('ada')).not.toEqual([]);
  });
});

it('refuses what is no request of its API, and goes on', async () => {
  const bodies = [
    '',
    '{',
    '[]',
    '{"messages":7}',
    '{"messages":[{"role":"user","content":{}}]}',
    '{"session":1}',
  ];
  const paths = ['/v1/chat/completions', '/v1/turns', '/v1/sessions', '/v1/spoken', '/v1/evaluations'];
  for (const path of paths)
    for (const body of bodies) {
      const answer = await fetch(`${brain}${path}`, { method: 'POST', body });
      expect([400, 404], `${path} ${body}`).toContain(answer.status);
      await answer.body?.cancel();
    }
  expect((await fetch(`${brain}/health`)).status).toBe(200);
});
