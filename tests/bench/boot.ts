import { execa } from 'execa';
import { connectEngine } from '../../src/engine/connect.ts';
import { type Contender, printRows, race, ratioRow, run } from './measure.ts';

export type Media = 'range' | 'mux';

/** What can be booted everywhere: images of ingress and egress cannot be made from packages. */
const selection = [
  'realtime',
  'storage',
  '--without',
  'realtime-ingress',
  '--without',
  'realtime-egress',
  '--without',
  'storage-buckets',
];
const roles = ['cache', 'storage', 'realtime'];
const names = roles.map((role) => `arc-${role}`);

/** At most so many times as long as the other way; the bounds that the project holds itself to. */
const bounds = {
  range: { compose: 0.6, hand: 1.1 },
  mux: { compose: 0.4, hand: 1.1 },
  nothing: 0.4,
  down: 1.0,
};

/**
 * Cache, storage and realtime, images present, in three ways: `arc up`; Docker Compose on the generated files with
 * the best health-check intervals that it can use; and the same containers from a shell, each started the moment that
 * what it needs answers. Then nothing to do, and down.
 */
export async function benchBoot(options: {
  media: Media;
  rounds: number;
  workspace: string;
  arc: string;
  compose: string;
}): Promise<void> {
  const { media, rounds, workspace, arc, compose } = options;
  const arcRun = (...words: string[]): Promise<string> => run(arc, words, { cwd: workspace });
  const composeRun = (...words: string[]): Promise<string> =>
    run(compose, ['--file', 'services/realtime/docker-compose.yml', ...words], { cwd: workspace });
  const hand = (verb: 'up' | 'create' | 'down'): Promise<string> =>
    run('bash', [new URL('./by-hand.sh', import.meta.url).pathname, verb, workspace, media]);

  const up: readonly Contender[] = [
    { name: 'arc', run: () => arcRun('up', ...selection), after: async () => void (await arcRun('down')) },
    {
      name: 'compose',
      run: () => composeRun('up', '--detach', '--wait', '--no-build', '--quiet-pull', ...roles),
      after: async () => void (await composeRun('down')),
    },
    { name: 'by hand', run: () => hand('up'), after: async () => void (await hand('down')) },
    {
      name: "the Engine's starts",
      before: async () => void (await hand('create')),
      run: startOnly,
      after: async () => void (await hand('down')),
    },
  ];
  const [arcUp, composeUp, handUp, startsUp] = await race({ rounds, contenders: up });

  await arcRun('up', ...selection);
  const arcAgain: Contender = { name: 'arc', run: () => arcRun('up', ...selection) };
  const [arcNothing] = await race({ rounds, contenders: [arcAgain] });
  await arcRun('down');
  await composeRun('up', '--detach', '--wait', '--no-build', ...roles);
  const [composeNothing] = await race({
    rounds,
    contenders: [
      { name: 'compose', run: () => composeRun('up', '--detach', '--wait', '--no-build', ...roles) },
    ],
  });
  await composeRun('down');

  // A container that has only just become ready is not yet settled, and stops are measured on a settled stack.
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3_000));
  const exits = watchExits();
  const [arcDown, composeDown] = await race({
    rounds,
    contenders: [
      {
        name: 'arc',
        before: async () => {
          await arcRun('up', ...selection);
          await settle();
        },
        run: () => arcRun('down'),
      },
      {
        name: 'compose',
        before: async () => {
          await composeRun('up', '--detach', '--wait', '--no-build', ...roles);
          await settle();
        },
        run: () => composeRun('down'),
      },
    ],
  });

  printRows(`cache, storage and realtime, media: ${media}`, [
    ratioRow({ figure: 'up ÷ compose up --wait', of: arcUp, to: composeUp, bound: bounds[media].compose }),
    ratioRow({ figure: 'up ÷ by hand', of: arcUp, to: handUp, bound: bounds[media].hand }),
    ratioRow({
      figure: 'nothing to do ÷ compose',
      of: arcNothing,
      to: composeNothing,
      bound: bounds.nothing,
    }),
    ratioRow({ figure: 'down ÷ compose down', of: arcDown, to: composeDown, bound: bounds.down }),
  ]);
  if (startsUp !== undefined && composeUp !== undefined)
    process.stdout.write(
      `  the Engine's answers to the starts alone ÷ compose: ${(startsUp.median / composeUp.median).toFixed(2)}, below which no boot can get\n`,
    );
  process.stdout.write(`  exit codes of all stops: ${await exits.end()}\n`);
}

/**
 * What the Engine itself takes: containers that are there are started, LiveKit as soon as the Engine says that Redis
 * is, and nothing is waited for that a program would have to answer.
 */
async function startOnly(): Promise<void> {
  const { docker, close } = await connectEngine({ environment: process.env, deadlineMilliseconds: 10_000 });
  const start = (name: string): Promise<unknown> => docker.getContainer(name).start();
  try {
    await Promise.all([start('arc-storage'), start('arc-cache').then(() => start('arc-realtime'))]);
  } finally {
    close();
  }
}

/** Counts how the containers end, from now on: `0 ×36` when each was stopped by its own signal handler. */
function watchExits(): { end: () => Promise<string> } {
  const filters = ['event=die', ...names.map((name) => `container=${name}`)];
  const events = execa(
    'docker',
    [
      'events',
      ...filters.flatMap((filter) => ['--filter', filter]),
      '--format',
      '{{.Actor.Attributes.exitCode}}',
    ],
    { reject: false },
  );
  return {
    end: async () => {
      events.kill();
      const { stdout } = await events;
      const counts = new Map<string, number>();
      for (const code of stdout.split('\n').filter(Boolean)) counts.set(code, (counts.get(code) ?? 0) + 1);
      return Array.from(counts, ([code, count]) => `${code} ×${count}`).join(', ');
    },
  };
}
