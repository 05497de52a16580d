import { wordErrors } from '../../src/providers/livekit/voice/judge.ts';
import { plain } from '../../src/providers/livekit/voice/speech.ts';
import { stageNames } from '../../src/providers/voice.ts';
import { until } from '../support/until.ts';
import { bounds } from './bounds.ts';
import { type Bench, type BenchContext, requireTools } from './context.ts';
import { memoryOf } from './health.ts';
import { run, timing } from './measure.ts';
import { amountRow, plainRow, type Row, ratioRow, secondsRow, type Timing } from './report.ts';
import { type BenchStack, makeStack } from './stack.ts';
import { type Asked, askAll, secondsOf } from './voice/ask-all.ts';
import { curveRows } from './voice/curve.ts';
import { type BargeIn, bargeIn, goesOn } from './voice/interrupt.ts';
import { startPlainAgent } from './voice/plain.ts';
import { enterRoom, startTalk, type Talk } from './voice/room.ts';
import { percentile, readSentences, readTurns, type SpokenTurn } from './voice/turns.ts';

const bound = bounds.voice;
const network = 'arc_platform_net';
const services = ['arc-agent', 'arc-brain', 'arc-speech', 'arc-speech-hearing'];
/** Turns of each conversation of two at once, and of the comparison. */
const fewTurns = 8;
const interruptions = 5;

/** A conversation with the agent, measured outside of it, with the machine to itself. */
export const benchVoice: Bench = async (context) => {
  requireTools('docker');
  const { progress, signal } = context;
  const stack = await makeStack({ context, name: 'voice', lines: '' });
  const up = () => stack.arc('up', 'reason', 'agent', '--quiet', '--yes');
  try {
    progress('building what is missing of the images');
    await up();
    await stack.arc('down', '--quiet');
    const boot = await timed('boot', up);
    progress('word errors');
    const rows: Row[] = [
      secondsRow({
        figure: 'boot of reason, ready to talk',
        timing: boot,
        bound: bound['boot of reason, ready to talk'],
      }),
    ];
    const talk = await startTalk(signal);
    rows.push(await countWordErrors(talk, context));
    const outcomes = await askAll(talk, turnsOf(context), context);
    rows.push(...turnRows(outcomes), await memoryRow(), await memoryOfAllRow(stack));
    progress('interruptions');
    rows.push(...(await interruptRows(talk, context)));
    await talk.caller.leave();
    rows.push(...(await curveRows({ stack, context, asked: outcomes })));
    progress('two conversations at once');
    rows.push(...(await twoAtOnce(outcomes, context)));
    progress('the same framework with its plain plugins');
    rows.push(await beside(outcomes, context));
    return rows;
  } finally {
    await stack.remove();
  }
};

/** ARC_BENCH_TURNS bounds the set, to try this. */
function turnsOf(_: BenchContext): readonly SpokenTurn[] {
  const most = Number(process.env.ARC_BENCH_TURNS ?? '100');
  if (!Number.isInteger(most) || most < 5) throw new Error('ARC_BENCH_TURNS must be a number from 5');
  return readTurns().slice(0, most);
}

function single(name: string, seconds: number): Timing {
  return timing(name, [seconds]);
}

function turnRows(asked: readonly Asked[]): readonly Row[] {
  const seconds = secondsOf(asked);
  const lost = asked.filter(({ outcome }) => outcome.kind !== 'answered').length;
  const stages = asked.flatMap(({ outcome }) =>
    outcome.kind === 'answered' && outcome.stages !== undefined ? [outcome.stages] : [],
  );
  const cuts = new Map<string, number>();
  for (const { turn, outcome } of asked)
    if (turn.pause !== undefined) {
      const name = `a pause of ${turn.pause.milliseconds} ms`;
      cuts.set(name, (cuts.get(name) ?? 0) + Number(outcome.kind === 'cut'));
    }
  const order = [...cuts].toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  return [
    secondsRow({
      figure: 'end of speech to first sound, P50',
      timing: single('P50', percentile(seconds, 0.5)),
      bound: bound['end of speech to first sound, P50'],
    }),
    secondsRow({
      figure: 'end of speech to first sound, P95',
      timing: single('P95', percentile(seconds, 0.95)),
      bound: bound['end of speech to first sound, P95'],
    }),
    amountRow({
      figure: 'turns cut off or missed',
      amount: (100 * lost) / asked.length,
      unit: '%',
      bound: bound['turns cut off or missed'],
    }),
    { kind: 'counts', figure: 'cut off, by what was in the turn', counts: Object.fromEntries(order) },
    ...stageNames.flatMap((name) => {
      const values = stages.flatMap((all) => all.filter((stage) => stage.name === name));
      return values.length === 0
        ? []
        : [
            plainRow({
              figure: `of it ${name}`,
              timing: single(
                name,
                percentile(
                  values.map(({ milliseconds }) => milliseconds / 1000),
                  0.5,
                ),
              ),
            }),
          ];
    }),
  ];
}

async function countWordErrors({ speech }: Talk, { signal }: BenchContext): Promise<Row> {
  let words = 0;
  let wrong = 0;
  for (const sentence of readSentences()) {
    signal.throwIfAborted();
    const said = plain(sentence).split(' ');
    const heard = (await speech.hear(await speech.speak(sentence))).split(' ').filter(Boolean);
    words += said.length;
    wrong += wordErrors(said, heard);
  }
  const figure = 'wrong words of 30 sentences';
  return amountRow({ figure, amount: (100 * wrong) / words, unit: '%', bound: bound[figure] });
}

/** Of the containers that hold the conversation, as `docker stats` tells it. */
async function memoryRow(): Promise<Row> {
  const figure = 'memory of agent, brain and speech';
  const text = await run('docker', ['stats', '--no-stream', '--format', '{{.MemUsage}}', ...services]);
  const amount = text.split('\n').reduce((sum, line) => sum + mebibytes(line), 0);
  return amountRow({ figure, amount, unit: 'MiB', bound: bound[figure] });
}

/** Of all containers, while somebody talks. */
async function memoryOfAllRow(stack: BenchStack): Promise<Row> {
  const figure = 'memory of reason with the voice';
  const amount = memoryOf(await stack.arc('top', '--once', '--json')) / 1024 ** 2;
  return amountRow({ figure, amount, unit: 'MiB', bound: bound[figure] });
}

/** Of `348.4MiB / 1.758GiB`. */
function mebibytes(line: string): number {
  const [, value, unit] = /^([\d.]+)(MiB|GiB|KiB)/.exec(line) ?? [];
  if (value === undefined) throw new Error(`docker stats said ${line}`);
  return Number(value) * (unit === 'GiB' ? 1024 : unit === 'KiB' ? 1 / 1024 : 1);
}

async function interruptRows(talk: Talk, { signal }: BenchContext): Promise<readonly Row[]> {
  const seconds: Record<keyof BargeIn, number[]> = { outside: [], inside: [] };
  for (let count = 0; count < interruptions; count += 1) {
    signal.throwIfAborted();
    const { outside, inside } = await bargeIn(talk);
    seconds.outside.push(outside / 1000);
    seconds.inside.push(inside / 1000);
  }
  const resumed = { 'went on': 0, stopped: 0 };
  for (let count = 0; count < 3; count += 1) resumed[(await goesOn(talk)) ? 'went on' : 'stopped'] += 1;
  const row = (figure: 'from an interruption to silence' | 'of it in the agent', of: readonly number[]) =>
    secondsRow({ figure, timing: timing('barge-in', of), bound: bound[figure] });
  return [
    row('from an interruption to silence', seconds.outside),
    row('of it in the agent', seconds.inside),
    { kind: 'counts', figure: 'after an "uh-huh" the agent', counts: resumed },
  ];
}

async function twoAtOnce(one: readonly Asked[], context: BenchContext): Promise<readonly Row[]> {
  const { signal } = context;
  const talks = await Promise.all([startTalk(signal), startTalk(signal)]);
  try {
    const third = await timed('third', async () => {
      const { caller } = await enterRoom(signal);
      const isFull = () =>
        caller.messages.some(({ topic, text }) => topic === 'arc.agent' && text.includes('full'));
      await until({ what: 'that the agent is full', ask: isFull });
      await caller.leave();
    });
    const turns = readTurns().filter(({ pause }) => pause === undefined);
    const both = await Promise.all(
      talks.map((talk, index) =>
        askAll(talk, turns.slice(index * fewTurns, (index + 1) * fewTurns), context),
      ),
    );
    const asked = both.flat();
    const lost = asked.length - secondsOf(asked).length;
    const ratio = 'two conversations at once, P95 ÷ one';
    return [
      ratioRow({
        figure: ratio,
        of: single('two', percentile(secondsOf(asked), 0.95)),
        to: single('one', percentile(secondsOf(one), 0.95)),
        bound: bound[ratio],
      }),
      amountRow({
        figure: 'of two conversations, cut off or missed',
        amount: (100 * lost) / asked.length,
        unit: '%',
        bound: bound['of two conversations, cut off or missed'],
      }),
      secondsRow({
        figure: 'the next caller is told "full" after',
        timing: third,
        bound: bound['the next caller is told "full" after'],
      }),
    ];
  } finally {
    await Promise.all(talks.map(({ caller }) => caller.leave()));
  }
}

async function beside(one: readonly Asked[], context: BenchContext): Promise<Row> {
  const remove = await startPlainAgent({ context, network });
  try {
    const talk = await startTalk(context.signal);
    const turns = readTurns().filter(({ pause }) => pause === undefined);
    const asked = await askAll(talk, turns.slice(0, fewTurns), context);
    await talk.caller.leave();
    const figure = 'end of speech to first sound ÷ plain plugins';
    return ratioRow({
      figure,
      of: single('arc', percentile(secondsOf(one), 0.5)),
      to: single('plain', percentile(secondsOf(asked), 0.5)),
      bound: bound[figure],
    });
  } finally {
    await remove();
  }
}

async function timed(name: string, work: () => Promise<unknown>): Promise<Timing> {
  const began = performance.now();
  await work();
  return single(name, (performance.now() - began) / 1000);
}
