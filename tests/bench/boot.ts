import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { goToolPath } from '../../scripts/build-go-tool.ts';
import { connectDocker } from '../../src/platform/docker/connect.ts';
import { bounds } from './bounds.ts';
import { quickenFiles } from './compose-files.ts';
import { type Bench, type BenchContext, requireTools } from './context.ts';
import { chainName, timedBoot } from './critical-path.ts';
import { engineTurn, readMade } from './engine-turn.ts';
import { watchExits } from './exits.ts';
import { type Contender, type Result, race, run, timing } from './measure.ts';
import { plainRow, type Row, ratioRow, type Timing } from './report.ts';
import { type BenchStack, describeEngine, makeStack } from './stack.ts';

type Media = 'range' | 'mux';

/** The five containers of `think`, with what each needs to start. */
const needs: Readonly<Record<string, readonly string[]>> = {
  'arc-cache': [],
  'arc-storage': [],
  'arc-realtime': ['arc-cache'],
  'arc-realtime-ingress': ['arc-cache'],
  'arc-realtime-egress': ['arc-cache'],
};
const containers = Object.keys(needs);
const services = ['cache', 'storage', 'realtime'];

/** livekit-server does not obey a signal in the moment in which it becomes ready; stops are those of a stack at rest. */
const restMilliseconds = 3_000;

/**
 * `think`, its images present, in three ways: `arc up`; Docker Compose on the generated files with the best
 * health-check intervals that it can use; and the Engine's own answers, without anybody who waits for a program. Then
 * nothing to do, the plan of it, and down.
 */
export function benchBoot(media: Media): Bench {
  return async (context) => {
    requireTools('docker');
    const { progress, signal } = context;
    const compose = goToolPath({ name: 'docker-compose', environment: process.env });
    const stack = await makeStack({ context, name: media, lines: `settings: { media: ${media} }` });
    const files = services.map((role) => join(stack.workspace, 'services', role, 'docker-compose.yml'));
    await quickenFiles(files, (await describeEngine()).api);
    const { docker, close } = await connectDocker({
      environment: process.env,
      deadlineMilliseconds: 10_000,
    });
    let exits: ReturnType<typeof watchExits> | undefined;
    try {
      progress('building what is missing of the images');
      // Images, network and volumes, which nothing below is timed with.
      await stack.arc('up', 'think', '--quiet', '--yes');
      const engine = await engineContender(docker);
      await stack.arc('down', '--quiet');
      exits = watchExits(containers);
      const asked: number[] = [];
      const chains: number[] = [];
      const contenders = [
        arcTurn({ stack, asked, chains }),
        composeTurn({ context, stack, compose }),
        engine,
      ];
      const result = await race({ ...context, contenders });
      const counted = asked.slice(-context.rounds);
      return rowsOf({
        media,
        result,
        asked: timing('the slowest of them', counted),
        chain: timing(chainName, chains.slice(-context.rounds)),
        exits: await exits.end(),
      });
    } finally {
      await exits?.end();
      if (signal.aborted) progress('removing the stack');
      await run('docker', ['rm', '--force', '--volumes', ...containers]);
      await stack.remove();
      close();
    }
  };
}

async function engineContender(docker: Docker): Promise<Contender> {
  const made = await readMade({ docker, names: containers });
  return engineTurn({ docker, made, needs, rest: () => sleep(restMilliseconds) });
}

/**
 * @param options.asked gets the seconds that the slowest server took to answer, of each round
 * @param options.chains gets the seconds of the longest chain of steps of `up`, of each round
 */
function arcTurn(options: { stack: BenchStack; asked: number[]; chains: number[] }): Contender {
  const { arc } = options.stack;
  return {
    name: 'arc',
    turn: async (lap) => {
      options.chains.push(await timedBoot({ arc, profile: 'think', lap }));
      await lap('again', () => arc('up', 'think', '--yes'));
      await lap('plan', () => arc('plan', 'think'));
      options.asked.push(await slowestAnswer(arc));
      await sleep(restMilliseconds);
      await lap('down', () => arc('down'));
    },
  };
}

/** Seconds that the slowest server takes to answer when it is asked whether it is ready, with no deep check. */
async function slowestAnswer(arc: BenchStack['arc']): Promise<number> {
  const lines = (await arc('health', 'think', '--shallow', '--json')).split('\n');
  const events = lines.filter(Boolean).map((line) => JSON.parse(line) as HealthEvent);
  const answers = events.flatMap((event) => (event.type === 'result' ? event.data.containers : []));
  return Math.max(...answers.map(({ milliseconds }) => milliseconds)) / 1000;
}

type HealthEvent =
  | { type: 'result'; data: { containers: readonly { milliseconds: number }[] } }
  | { type: 'started' | 'warning' };

function composeTurn(options: { context: BenchContext; stack: BenchStack; compose: string }): Contender {
  const { compose, stack } = options;
  const call = (...words: string[]): Promise<string> =>
    run(compose, ['--file', 'services/realtime/docker-compose.yml', ...words], { cwd: stack.workspace });
  const roles = containers.map((name) => name.replace('arc-', ''));
  const up = (): Promise<string> => call('up', '--detach', '--wait', '--no-build', '--quiet-pull', ...roles);
  return {
    name: 'compose',
    turn: async (lap) => {
      await lap('up', up);
      await lap('again', up);
      await sleep(restMilliseconds);
      await lap('down', () => call('down'));
    },
  };
}

function rowsOf(options: {
  media: Media;
  result: Result;
  asked: Timing;
  chain: Timing;
  exits: Readonly<Record<string, number>>;
}): readonly Row[] {
  const { media, result, asked, chain, exits } = options;
  const again = result('compose', 'again');
  const bound = bounds[media];
  const ratio = (figure: keyof (typeof bounds)[Media], of: Timing, to: Timing): Row =>
    ratioRow({ figure, of, to, bound: bound[figure] });
  return [
    ratio('up ÷ the Engine’s own answers', result('arc', 'up'), result('the Engine', 'up')),
    {
      kind: 'beside',
      figure: 'up ÷ the critical path of its own steps',
      ...pair(result('arc', 'up'), chain),
    },
    ratio('nothing to do, servers apart ÷ compose', apart(result('arc', 'again'), asked), again),
    ratio('the plan of it ÷ compose', result('arc', 'plan'), again),
    plainRow({ figure: 'what the servers take that are asked', timing: asked }),
    ratio('down ÷ compose down', result('arc', 'down'), result('compose', 'down')),
    {
      kind: 'beside',
      figure: 'up ÷ compose up --wait',
      ...pair(result('arc', 'up'), result('compose', 'up')),
    },
    { kind: 'counts', figure: 'exit codes of all stops', counts: exits },
  ];
}

/** A timing without what the servers took in its middle round. */
function apart(of: Timing, asked: Timing): Timing {
  return timing(
    of.name,
    of.seconds.map((seconds) => seconds - asked.median),
  );
}

function pair(of: Timing, to: Timing): { of: Timing; to: Timing; ratio: number } {
  return { of, to, ratio: of.median / to.median };
}
