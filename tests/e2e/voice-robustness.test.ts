import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dispose } from '@livekit/rtc-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NothingHeard, type VoiceCaller } from '../../src/providers/livekit/voice/caller.ts';
import { wordErrors } from '../../src/providers/livekit/voice/judge.ts';
import { joined } from '../../src/providers/livekit/voice/sound.ts';
import { askInBrowser } from '../support/browser-question.ts';
import { humanClips, humanText } from '../support/human-speech.ts';
import { type Malformed, malformed, send } from '../support/malformed.ts';
import { cough, noise, silence } from '../support/noises.ts';
import { resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { conversationOf, joinRoom, speech as speechOf } from '../support/voice-call.ts';

const url = 'ws://127.0.0.1:7880';
const speech = 'http://127.0.0.1:8001';
const voice = ['arc-speech', 'arc-speech-hearing', 'arc-brain', 'arc-agent'] as const;
const mebibyte = 2 ** 20;

let stage: Stage;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arc-voice-'));
  stage = await openStage();
  await stage.succeed(['up', 'agent', '--bases', 'local', '--yes']);
}, 900_000);
afterAll(async () => {
  await dispose();
  await stage?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function token(room: string, identity: string): Promise<string> {
  const { stdout } = await stage.succeed(['token', '--room', room, '--identity', identity, '--json'], {
    answersWithSecret: true,
  });
  return resultOf<{ token: string }>(stdout).token;
}

const inspect = async (name: string) => await stage.engine.docker.getContainer(name).inspect();

/** An address on the network of the stack: not every port is published. */
async function addressOf(name: string): Promise<string> {
  const [network] = Object.values((await inspect(name)).NetworkSettings.Networks);
  return network?.IPAddress ?? expect.unreachable();
}

/** What a container takes that nobody could take away from it. */
async function memoryOf(name: string): Promise<number> {
  const { memory_stats: memory } = await stage.engine.docker.getContainer(name).stats({ stream: false });
  return memory.usage - (memory.stats.inactive_file ?? 0);
}

/** Until the caller has heard nothing for two seconds. */
async function untilQuiet(caller: VoiceCaller): Promise<void> {
  let heardAt = caller.lastHeardAt();
  let since = performance.now();
  await until({
    what: 'that the agent is silent',
    ask: () => {
      if (caller.lastHeardAt() !== heardAt) [heardAt, since] = [caller.lastHeardAt(), performance.now()];
      return performance.now() - since > 2_000;
    },
  });
}

/** LiveKit's framework reads no body: it answers at once, and a client that still sends a large one is cut off. */
function isUnread(options: { container: string; one: Malformed; status: number }): boolean {
  const { container, one, status } = options;
  return container === 'arc-agent' && status === 0 && one.body.length > 100_000;
}

type Place = { container: (typeof voice)[number]; url: string; valid: string };

async function places(): Promise<readonly Place[]> {
  const hearing = `http://${await addressOf('arc-speech-hearing')}:8002`;
  const worker = `http://${await addressOf('arc-agent')}:8081`;
  const brain = 'http://127.0.0.1:8003';
  const input = JSON.stringify({ input: 'One.', response_format: 'pcm', rate: 16_000, speed: 1 });
  const chat = {
    model: 'arc-brain',
    stream: false,
    messages: [{ role: 'user', content: 'Which rooms are open?' }],
  };
  return [
    { container: 'arc-speech', url: `${speech}/v1/audio/speech`, valid: input },
    {
      container: 'arc-speech',
      url: `${speech}/v1/embeddings`,
      valid: JSON.stringify({ input: ['One.'], model: 'm' }),
    },
    { container: 'arc-speech', url: `${speech}/v1/audio/transcriptions`, valid: input },
    { container: 'arc-speech', url: `${speech}/health`, valid: input },
    { container: 'arc-speech-hearing', url: `${hearing}/v1/audio/transcriptions`, valid: input },
    { container: 'arc-speech-hearing', url: `${hearing}/health`, valid: input },
    { container: 'arc-brain', url: `${brain}/v1/chat/completions`, valid: JSON.stringify(chat) },
    { container: 'arc-brain', url: `${brain}/v1/turns`, valid: '{"session":"a","text":"b"}' },
    { container: 'arc-brain', url: `${brain}/health`, valid: '{"a":1}' },
    { container: 'arc-agent', url: `${worker}/`, valid: '{"a":1}' },
    { container: 'arc-agent', url: `${worker}/worker`, valid: '{"a":1}' },
  ];
}

describe('200 malformed requests to each endpoint', () => {
  const before = new Map<string, string>();

  it('are each answered, and never as a fault of the program', async () => {
    for (const name of voice) before.set(name, (await inspect(name)).State.StartedAt);
    for (const { container, url: address, valid } of await places()) {
      const answers = [];
      for (const one of malformed({ valid, count: 200 }))
        answers.push({ one, ...(await send({ url: address, one })) });
      const faults = answers
        .filter(({ one, status }) => !isUnread({ container, one, status }) && (status < 200 || status >= 500))
        .map(
          ({ one, status, body }) =>
            `${one.method} ${status} ${body.slice(0, 200)} to ${String(one.body).slice(0, 80)}`,
        );
      expect(faults, address).toEqual([]);
    }
  }, 900_000);

  it('leave every program running, and well', async () => {
    for (const name of voice)
      expect([name, (await inspect(name)).State.StartedAt]).toEqual([name, before.get(name)]);
    const { stdout } = await stage.succeed(['health', 'agent']);
    expect(stdout).toMatch(/✓ +arc-agent/);
  });

  it('take no memory: as many again, and again, come to need no more', async () => {
    const memory = async () =>
      new Map(await Promise.all(voice.map(async (name) => [name, await memoryOf(name)] as const)));
    // A program that collects its garbage takes more at first, and then no more; one that leaks takes more each time.
    const least = new Map(voice.map((name) => [name, Number.POSITIVE_INFINITY]));
    let before = await memory();
    for (let round = 0; round < 3; round += 1) {
      for (const { url: address, valid } of await places())
        for (const one of malformed({ valid, count: 200 })) await send({ url: address, one });
      const after = await memory();
      for (const name of voice) {
        const more = (after.get(name) ?? 0) - (before.get(name) ?? 0);
        least.set(name, Math.min(least.get(name) ?? more, more));
      }
      before = after;
    }
    for (const [name, more] of least) expect(more, name).toBeLessThan(16 * mebibyte);
  }, 900_000);
});

describe('a browser with a microphone', () => {
  it('hears the answer to what it says', async () => {
    const question = await fetch(`${speech}/v1/audio/speech`, {
      method: 'POST',
      body: JSON.stringify({ input: 'Which rooms are open?', response_format: 'wav', rate: 48_000 }),
    });
    const file = join(folder, 'question.wav');
    // Chromium's microphone needs a moment until somebody listens.
    writeFileSync(file, withSilence(Buffer.from(await question.arrayBuffer()), 1));
    const heard = await askInBrowser({
      url,
      token: await token('browser', 'ada'),
      file,
      limitMilliseconds: 60_000,
    });
    expect(heard).toEqual({ greeting: true, answer: true, captions: expect.stringMatching(/one room/i) });
  }, 240_000);
});

describe('the ears', () => {
  it('write down what a person reads, with at most 6 % wrong words', async () => {
    const { rate, clips } = await humanClips();
    const heard: string[] = [];
    for (const clip of clips) {
      const answer = await fetch(`${speech}/v1/audio/transcriptions`, {
        method: 'POST',
        headers: { 'content-type': `audio/pcm;rate=${rate}` },
        body: Uint8Array.from(new Uint8Array(clip.buffer)),
      });
      heard.push(((await answer.json()) as { text: string }).text);
    }
    const words =
      heard
        .join(' ')
        .toLowerCase()
        .match(/[a-z']+/g) ?? [];
    const read = humanText.split(' ');
    expect(wordErrors(read, words) / read.length, heard.join(' ')).toBeLessThanOrEqual(0.06);
  }, 120_000);
});

describe('a conversation', () => {
  let caller: VoiceCaller;
  const say = async (text: string) =>
    await stage.arc(['agents', 'say', 'desk', text, '--timeout', '60s', '--json']);
  const agentThere = async (): Promise<string | undefined> => {
    const { stdout } = await stage.succeed(['agents', 'list', '--json']);
    const { rooms } = resultOf<{ rooms: { room: string; agents: { session: string }[] }[] }>(stdout);
    return rooms.find((one) => one.room === 'desk')?.agents[0]?.session;
  };
  const untilSaid = async (text: string): Promise<string> =>
    await until({
      what: 'an agent speaks',
      limitMilliseconds: 120_000,
      ask: async () => {
        const { stdout, exitCode } = await say(text);
        return exitCode === 0 ? resultOf<{ outcome: string }>(stdout).outcome : undefined;
      },
    });
  /** As if the program had failed: the Engine starts it again. */
  const crash = async (name: string): Promise<void> => {
    const { State } = await inspect(name);
    process.kill(State.Pid, 'SIGKILL');
    await until({
      what: `${name} runs again`,
      ask: async () => {
        const now = (await inspect(name)).State;
        return now.Running && now.StartedAt !== State.StartedAt;
      },
    });
  };
  /** Something fails while the caller speaks. Whatever becomes of that turn, nobody waits for it for ever. */
  const crashWhileAsked = async (name: string): Promise<void> => {
    const question = await speechOf.speak('Which rooms are open?');
    const turn = caller.ask(question, 20_000).catch((cause: unknown) => {
      if (!(cause instanceof NothingHeard)) throw cause;
    });
    await new Promise((resolve) => setTimeout(resolve, question.length / 32));
    await crash(name);
    await turn;
  };

  beforeAll(async () => {
    caller = await joinRoom({ stage, room: 'desk', identity: 'ada' });
    // By its words: on a busy machine it may have greeted before this caller's microphone was open.
    await until({
      what: 'the greeting',
      ask: () => caller.messages.some(({ text }) => text.includes('What would you like to know?')),
      limitMilliseconds: 120_000,
    });
    await until({ what: 'that the agent listens', ask: () => caller.agentState() === 'listening' });
    // The state is told at once, the last words are still on their way.
    await untilQuiet(caller);
  }, 180_000);
  afterAll(async () => await caller?.leave());

  it.each([
    ['a second of silence', silence(1)],
    ['two seconds of noise', noise({ seconds: 2, loudness: 800 })],
    ['a cough', cough()],
  ])('is not taken up by %s', async (_, sound) => {
    const turns = () => caller.messages.filter(({ topic }) => topic === 'arc.turn');
    const [before, heardAt] = [turns(), caller.lastHeardAt()];
    await caller.play(joined([sound, silence(0.5)]));
    // An answer would have begun by then.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(turns()).toEqual(before);
    expect(caller.lastHeardAt()).toBe(heardAt);
  });

  it.each(['arc-brain', 'arc-speech-hearing', 'arc-speech'])(
    'outlives a crash of %s in the middle of a turn: the same agent is there, and speaks again',
    async (name) => {
      const before = await agentThere();
      await crashWhileAsked(name);
      expect(await agentThere()).toBe(before);
      expect(await untilSaid('I am still here.')).toBe('said');
    },
    240_000,
  );

  it('outlives an agent that is starved of the processor', async () => {
    const agent = stage.engine.docker.getContainer('arc-agent');
    const { HostConfig } = await agent.inspect();
    await agent.update({ CpuPeriod: 100_000, CpuQuota: 5_000 });
    await new Promise((resolve) => setTimeout(resolve, 20_000));
    await agent.update({ CpuPeriod: HostConfig.CpuPeriod ?? 100_000, CpuQuota: -1 });
    expect(await untilSaid('That was slow.')).toBe('said');
  }, 240_000);

  it('begins again when the agent itself has crashed in the middle of a turn, and answers', async () => {
    const before = await agentThere();
    await crashWhileAsked('arc-agent');
    await until({
      what: 'another agent in the room',
      ask: async () => ![undefined, before].includes(await agentThere()),
      limitMilliseconds: 120_000,
    });
    expect(await untilSaid('Here I am.')).toBe('said');
    // Its voice is heard, and what it says is known word by word.
    const told = caller.messages.length;
    await caller.ask(await speechOf.speak('Which rooms are open?'), 60_000);
    const said = await until({
      what: 'what was answered',
      ask: () => caller.messages.slice(told).find(({ topic }) => topic === 'arc.turn')?.text,
    });
    expect(said, conversationOf(caller)).toContain('One room is open, with one person.');
  }, 300_000);
});

/** Puts seconds of silence in front of the sound of a WAV file, and as much behind it. */
function withSilence(wav: Buffer, seconds: number): Buffer {
  const [head, sound] = [Buffer.from(wav.subarray(0, 44)), wav.subarray(44)];
  const silence = Buffer.alloc(seconds * head.readUInt32LE(28));
  const whole = Buffer.concat([silence, sound, silence]);
  head.writeUInt32LE(36 + whole.length, 4);
  head.writeUInt32LE(whole.length, 40);
  return Buffer.concat([head, whole]);
}
