import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { goToolPath } from '../../scripts/build-go-tool.ts';
import { connectDocker } from '../../src/platform/docker/connect.ts';
import { bounds } from './bounds.ts';
import { quickenFiles } from './compose-files.ts';
import { type Bench, type BenchContext, requireTools } from './context.ts';
import { watchExits } from './exits.ts';
import { type Contender, type Result, race, run } from './measure.ts';
import { floorRow, type Row, ratioRow } from './report.ts';
import { type BenchStack, describeEngine, makeStack } from './stack.ts';

type Media = 'range' | 'mux';

const roles = ['cache', 'storage', 'realtime'];
const containers = roles.map((role) => `arc-${role}`);
/** No ingress, no egress: their images can only be pulled. */
const without = ['realtime-ingress', 'realtime-egress', 'storage-buckets'].flatMap((name) => [
  '--without',
  name,
]);
const selection = ['realtime', 'storage', ...without];
const byHand = fileURLToPath(new URL('./by-hand.sh', import.meta.url));

/** livekit-server does not obey a signal in the moment in which it becomes ready; stops are those of a stack at rest. */
const restMilliseconds = 3_000;

/**
 * Cache, storage and realtime, images present, in three ways: `arc up`; Docker Compose on the generated files with the
 * best health-check intervals that it can use; and the same containers from a shell, each started the moment that what
 * it needs answers. Then nothing to do, and down.
 */
export function benchBoot(media: Media): Bench {
  return async (context) => {
    requireTools('docker');
    const { progress, signal } = context;
    const compose = goToolPath({ name: 'docker-compose', environment: process.env });
    const stack = await makeStack({ context, name: media, lines: `settings: { media: ${media} }` });
    const files = roles.map((role) => join(stack.workspace, 'services', role, 'docker-compose.yml'));
    await quickenFiles(files, (await describeEngine()).api);
    try {
      progress('building what is missing of the images');
      // Images, network and volumes, which nothing below is timed with.
      await stack.arc('up', ...selection, '--quiet', '--yes');
      await stack.arc('down', '--quiet');
      const exits = watchExits(containers);
      const contenders = [
        arcTurn(stack),
        composeTurn({ context, stack, compose }),
        handTurn({ stack, media }),
        startsTurn({ stack, media }),
      ];
      const result = await race({ ...context, contenders });
      return rowsOf({ media, result, exits: await exits.end() });
    } finally {
      if (signal.aborted) progress('removing the stack');
      await run('docker', ['rm', '--force', '--volumes', ...containers]);
      await stack.remove();
    }
  };
}

function arcTurn({ arc }: BenchStack): Contender {
  return {
    name: 'arc',
    turn: async (lap) => {
      await lap('up', () => arc('up', ...selection));
      await lap('again', () => arc('up', ...selection));
      await sleep(restMilliseconds);
      await lap('down', () => arc('down'));
    },
  };
}

function composeTurn(options: { context: BenchContext; stack: BenchStack; compose: string }): Contender {
  const { compose, stack } = options;
  const call = (...words: string[]): Promise<string> =>
    run(compose, ['--file', 'services/realtime/docker-compose.yml', ...words], { cwd: stack.workspace });
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

type Hand = (verb: 'create' | 'up' | 'await' | 'down') => Promise<string>;

function handOf(options: { stack: BenchStack; media: Media }): Hand {
  return (verb) => run('bash', [byHand, verb, options.stack.workspace, options.media]);
}

function handTurn(options: { stack: BenchStack; media: Media }): Contender {
  const hand = handOf(options);
  return {
    name: 'by hand',
    turn: async (lap) => {
      await lap('up', () => hand('up'));
      await sleep(restMilliseconds);
      await hand('down');
    },
  };
}

/** What the Engine alone takes to start containers that exist. */
function startsTurn(options: { stack: BenchStack; media: Media }): Contender {
  const hand = handOf(options);
  return {
    name: "the Engine's starts",
    turn: async (lap) => {
      await hand('create');
      await lap('up', startOnly);
      await hand('await');
      await sleep(restMilliseconds);
      await hand('down');
    },
  };
}

/** LiveKit as soon as the Engine has started Redis; nothing waits for a program to answer. */
async function startOnly(): Promise<void> {
  const { docker, close } = await connectDocker({ environment: process.env, deadlineMilliseconds: 10_000 });
  const start = (name: string): Promise<unknown> => docker.getContainer(name).start();
  try {
    await Promise.all([start('arc-storage'), start('arc-cache').then(() => start('arc-realtime'))]);
  } finally {
    close();
  }
}

function rowsOf(options: {
  media: Media;
  result: Result;
  exits: Readonly<Record<string, number>>;
}): readonly Row[] {
  const { media, result, exits } = options;
  const versus = (figure: keyof (typeof bounds)[Media], step: string, other: string): Row =>
    ratioRow({ figure, of: result('arc', step), to: result(other, step), bound: bounds[media][figure] });
  return [
    versus('up ÷ compose up --wait', 'up', 'compose'),
    versus('up ÷ by hand', 'up', 'by hand'),
    versus('nothing to do ÷ compose', 'again', 'compose'),
    versus('down ÷ compose down', 'down', 'compose'),
    floorRow({
      figure: "the Engine's starts alone ÷ compose",
      of: result("the Engine's starts", 'up'),
      to: result('compose', 'up'),
    }),
    { kind: 'counts', figure: 'exit codes of all stops', counts: exits },
  ];
}
