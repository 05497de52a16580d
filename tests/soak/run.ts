// A long conversation with the agent of a stack of its own, which may not take more and more memory: make soak
// Prints a line a minute, and fails where memory grows after the warm-up, or a question is not answered.
import { parseArgs } from 'node:util';
import { dispose } from '@livekit/rtc-node';
import { joinAsCaller, type VoiceCaller } from '../../src/providers/livekit/voice/caller.ts';
import { loadRtc } from '../../src/providers/livekit/webrtc/rtc.ts';
import { resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';

const containers = ['arc-agent', 'arc-speech', 'arc-speech-hearing', 'arc-brain', 'arc-realtime'] as const;
const questions = [
  'Which rooms are open?',
  'What time is it?',
  'Are we being recorded?',
  'Who is in the room?',
];
const speech = 'http://127.0.0.1:8001';
const mebibyte = 2 ** 20;

/** Conversations differ, and garbage is collected when there is some: less than this is no growth. */
const mostGrowth = 48 * mebibyte;

/** Turns until caches are full and every path was taken once. */
const warmUpTurns = 6;

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new RangeError('--minutes takes a number above 0');

const stage = await openStage();
try {
  await stage.succeed(['up', 'agent', '--bases', 'local', '--yes'], { limitMilliseconds: 900_000 });
  process.exitCode = await soak(stage);
} finally {
  await dispose();
  await stage.close();
}

async function soak(stage: Stage): Promise<number> {
  const { stdout } = await stage.succeed(['token', '--room', 'soak', '--identity', 'ada', '--json'], {
    answersWithSecret: true,
  });
  const { token } = resultOf<{ token: string }>(stdout);
  const rtc = loadRtc();
  if (rtc === undefined) throw new Error('@livekit/rtc-node is not installed');
  const caller = await joinAsCaller({
    rtc,
    url: 'ws://127.0.0.1:7880',
    token,
    signal: new AbortController().signal,
  });
  try {
    await caller.listen(120_000);
    const end = performance.now() + minutes * 60_000;
    const looks: Record<string, number>[] = [];
    let [turns, missed, told] = [0, 0, 0];
    while (performance.now() < end) {
      if (!(await isAnswered(caller, questions[turns % questions.length] ?? ''))) missed += 1;
      turns += 1;
      if (turns <= warmUpTurns) continue;
      looks.push(await memoryOf(stage));
      if (performance.now() - told < 60_000 && turns > warmUpTurns + 1) continue;
      told = performance.now();
      print({ turns, missed, look: looks.at(-1) ?? {} });
    }
    return verdict({ turns, missed, looks });
  } finally {
    await caller.leave();
  }
}

async function isAnswered(caller: VoiceCaller, question: string): Promise<boolean> {
  const body = JSON.stringify({ input: question, response_format: 'pcm', rate: 16_000 });
  const answer = await fetch(`${speech}/v1/audio/speech`, { method: 'POST', body });
  const samples = new Int16Array(await answer.arrayBuffer());
  return await caller.ask(samples, 30_000).then(
    () => true,
    () => false,
  );
}

async function memoryOf(stage: Stage): Promise<Record<string, number>> {
  const all = containers.map(async (name) => {
    const { memory_stats: memory } = await stage.engine.docker.getContainer(name).stats({ stream: false });
    return [name, memory.usage - (memory.stats.inactive_file ?? 0)] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}

/** Growth is from the median of the first third to that of the last: one look may be before garbage is collected. */
function verdict(options: {
  turns: number;
  missed: number;
  looks: readonly Record<string, number>[];
}): number {
  const { turns, missed, looks } = options;
  const third = Math.floor(looks.length / 3);
  if (third === 0) throw new Error(`${turns} turns are too few to say anything`);
  let status = missed === 0 ? 0 : 1;
  for (const name of containers) {
    const at = (part: readonly Record<string, number>[]) => median(part.map((look) => look[name] ?? 0));
    const growth = at(looks.slice(-third)) - at(looks.slice(0, third));
    if (growth > mostGrowth) status = 1;
    process.stdout.write(`${name}: ${mib(growth)} MiB more in the last third than in the first\n`);
  }
  process.stdout.write(
    `${turns} turns, ${missed} without an answer: ${status === 0 ? 'good' : 'not good'}\n`,
  );
  return status;
}

function print(options: { turns: number; missed: number; look: Record<string, number> }): void {
  const { turns, missed, look } = options;
  const memory = Object.entries(look).map(([name, bytes]) => `${name} ${mib(bytes)}`);
  process.stdout.write(`${turns} turns, ${missed} missed; MiB: ${memory.join(', ')}\n`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function mib(bytes: number): string {
  return (bytes / mebibyte).toFixed(0);
}
