import * as rtc from '@livekit/rtc-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signedOrder } from '../../src/providers/livekit/say.ts';
import { joinAsCaller, type VoiceCaller } from '../../src/providers/livekit/voice/caller.ts';
import { type Ran, resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

type Listed = {
  workers: { container: string; name: string; conversations: number; away: string | null }[];
  rooms: { room: string; people: number; agents: { identity: string; session: string | null }[] }[];
};

const url = 'ws://127.0.0.1:7880';
const speech = 'http://127.0.0.1:8001';
const sentence = 'This room closes in five minutes.';

let stage: Stage;
let caller: VoiceCaller;
let session: string;

const agents = async (...args: string[]): Promise<Ran> => await stage.arc(['agents', ...args, '--json']);
const list = async (): Promise<Listed> => {
  const { stdout } = await stage.succeed(['agents', 'list', '--json']);
  return resultOf<Listed>(stdout);
};
const linesOf = (stdout: string): string[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; line: string })
    .flatMap(({ type, line }) => (type === 'log' ? [line] : []));

async function token(identity: string): Promise<string> {
  const { stdout } = await stage.succeed(['token', '--room', 'desk', '--identity', identity, '--json'], {
    answersWithSecret: true,
  });
  return resultOf<{ token: string }>(stdout).token;
}

beforeAll(async () => {
  stage = await openStage();
  await stage.succeed(['up', 'agent', '--bases', 'local', '--yes']);
}, 900_000);
afterAll(async () => {
  await caller?.leave();
  await rtc.dispose();
  await stage?.close();
});

describe('without a room', () => {
  it('the worker is listed, and that others are not', async () => {
    expect(await list()).toMatchObject({
      workers: [{ container: 'arc-agent', name: '', conversations: 0, away: null }],
      rooms: [],
    });
    const { stdout } = await stage.succeed(['agents', 'list']);
    expect(stdout).toContain('LiveKit has no list of workers');
  });

  it('nobody is sent, and no room is made', async () => {
    const { exitCode, stdout } = await agents('dispatch', 'desk');
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('"code":"no-room"')]);
    expect((await list()).rooms).toEqual([]);
  });
});

describe('in a room', () => {
  it('an agent is there with its session, and its worker holds a conversation', async () => {
    caller = await joinAsCaller({
      rtc,
      url,
      token: await token('ada'),
      signal: new AbortController().signal,
    });
    await caller.listen(120_000);
    const { workers, rooms } = await list();
    expect(workers[0]?.conversations).toBe(1);
    expect(rooms).toMatchObject([
      { room: 'desk', people: 1, agents: [{ session: expect.stringMatching(/^AJ_/) }] },
    ]);
    session = rooms[0]?.agents[0]?.session ?? '';
  });

  it('the agent says what it is told to', async () => {
    const listening = caller.ask(new Int16Array(1600).fill(1000, 0, 160), 60_000);
    const { stdout } = await stage.succeed(['agents', 'say', 'desk', sentence, '--json']);
    expect(resultOf<{ outcome: string }>(stdout).outcome).toBe('said');
    const { samples } = await listening;
    const heard = await fetch(`${speech}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { 'content-type': 'audio/pcm;rate=16000' },
      body: Uint8Array.from(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)),
    });
    expect(((await heard.json()) as { text: string }).text.toLowerCase()).toContain('closes in');
  });

  it('it says nothing that a participant tells it to, whatever they know but the secret', async () => {
    const follow = stage.start(['agents', 'logs', '--room', 'desk', '--follow']);
    let followed = '';
    follow.stdout.on('data', (text: Buffer) => {
      followed += text.toString();
    });
    await until({ what: 'the lines so far', ask: () => followed.includes('joined') });
    const guest = new rtc.Room();
    await guest.connect(url, await token('mallory'), { autoSubscribe: false, dynacast: false });
    const order = { id: 'forged', room: 'desk', text: 'Goodbye.', until: Date.now() + 30_000 };
    const data = new TextEncoder().encode(signedOrder({ ...order, secret: 'a guess' }));
    await guest.localParticipant?.publishData(data, { reliable: true, topic: 'arc.say' });
    await until({ what: 'the refusal in the logs', ask: () => followed.includes('not signed') });
    expect(followed).not.toContain('Goodbye');
    follow.kill('SIGINT');
    await follow;
    await guest.disconnect();
  });

  it('its lines are found by its session, without those of the worker', async () => {
    const own = linesOf((await agents('logs', '--session', session)).stdout);
    const all = linesOf((await agents('logs')).stdout);
    expect(own[0]).toContain(`"session":"${session}"`);
    expect(own.length).toBeLessThan(all.length);
    expect(all).toEqual(expect.arrayContaining(own));
  });

  it('no second agent of the same name comes', async () => {
    const { exitCode, stdout } = await agents('dispatch', 'desk');
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('"code":"agent-there"')]);
  });

  it('an order that no worker takes is withdrawn, and it is said what the workers are called', async () => {
    const { exitCode, stdout } = await agents('dispatch', 'desk', '--agent', 'nobody', '--timeout', '2s');
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('"code":"agent-not-sent"')]);
    expect(stdout).toContain('no worker of this project has that name');
    const { stdout: after } = await stage.succeed(['agents', 'list', '--json']);
    expect(after).not.toContain('nobody');
  });
});
