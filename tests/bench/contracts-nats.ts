import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectDocker } from '../../src/platform/docker/connect.ts';
import { bounds } from './bounds.ts';
import type { BenchContext } from './context.ts';
import { goFigure, runGoBenchmark } from './go-benchmark.ts';
import { type Contender, race, timing } from './measure.ts';
import { type Row, ratioRow, secondsRow, type Timing } from './report.ts';

/** As many as in packages/contracts/go/natsbus/bench_test.go. */
const subjects = 1_000;
/** Of each turn; of the one with a pace, ten seconds. */
const messages = { fast: 300_000, paced: 100_000 };
const names = { with: 'rights', without: 'a key that may do everything' } as const;

/**
 * A contract with 1,000 subjects. webhooks may publish them, so each is in its rights; the bridge, which does not listen
 * by itself, may observe their domain.
 */
export function loadContract(): string {
  const message = (number: number): string =>
    [
      `  load-${number}:`,
      '    description: One of many.',
      '    publishers: [webhooks]',
      `    nats: { subject: load.bench.s${number} }`,
      '    schema: { type: object, properties: { text: { type: string } } }',
      '    examples: [{ text: hello }]',
    ].join('\n');
  const all = Array.from({ length: subjects }, (_, number) => message(number)).join('\n');
  return `domain: load\nowner: webhooks\ndescription: Subjects of the bench.\nobservers: [bridge]\nmessages:\n${all}\n`;
}

/**
 * 1,000 subscribers on 1,000 subjects: as fast as it goes, with ten publishers whose rights name each subject and
 * subscribers that may observe the domain, against a key of the same account that may do everything; and 10,000 messages a second with rights, of which the 99th percentile of
 * the latency counts.
 *
 * @param options.program the compiled tests of `natsbus`
 */
export async function benchNats(options: {
  context: BenchContext;
  program: string;
  workspace: string;
}): Promise<readonly Row[]> {
  const { context, program, workspace } = options;
  const env = {
    // Not by the Engine's proxy for published ports, which would be measured as well.
    NATS_URL: `nats://${await addressOf('arc-messaging')}:4222`,
    NATS_SUBJECT: 'load.bench.s%d',
    NATS_PUBLISHER: await seedFile({ context, workspace, service: 'webhooks' }),
    NATS_OBSERVER: await seedFile({ context, workspace, service: 'bridge' }),
    NATS_WITHOUT: await seedFile({ context, workspace, service: 'messaging' }),
  };
  const seconds = { with: [] as number[], without: [] as number[], paced: [] as number[] };
  const contender = (way: 'with' | 'without'): Contender => ({
    name: names[way],
    turn: async () => {
      const name = `BenchmarkNATS/${way}`;
      const printed = await runGoBenchmark({ program, name, messages: messages.fast, env });
      seconds[way].push((goFigure(printed, 'ns/op') * messages.fast) / 1e9);
    },
  });
  const paced: Contender = {
    name: '10,000 messages a second',
    turn: async () => {
      const name = 'BenchmarkNATS/paced';
      const printed = await runGoBenchmark({ program, name, messages: messages.paced, env });
      seconds.paced.push(goFigure(printed, 'p99-ms') / 1e3);
    },
  };
  await race({ ...context, contenders: [contender('with'), contender('without'), paced] });
  return natsRows({
    with: timing(names.with, seconds.with.slice(-context.rounds)),
    without: timing(names.without, seconds.without.slice(-context.rounds)),
    p99: timing(paced.name, seconds.paced.slice(-context.rounds)),
  });
}

/** The rows of the three ways. */
export function natsRows(result: { with: Timing; without: Timing; p99: Timing }): readonly Row[] {
  const ratio = 'NATS: with rights ÷ without them';
  const latency = 'NATS: p99 of 10,000 messages a second';
  return [
    ratioRow({ figure: ratio, of: result.with, to: result.without, bound: bounds.contracts[ratio] }),
    secondsRow({ figure: latency, timing: result.p99, bound: bounds.contracts[latency] }),
  ];
}

/** The first seed of a manifest, as for development, in a file. */
async function seedFile(options: {
  context: BenchContext;
  workspace: string;
  service: string;
}): Promise<string> {
  const { context, workspace, service } = options;
  const manifest = await readFile(join(workspace, 'services', service, 'service.yaml'), 'utf8');
  const seed = /dev: (SU\w+)/.exec(manifest)?.[1];
  if (seed === undefined) throw new Error(`the manifest of ${service} has no seed`);
  const file = join(context.folder, `${service}.nk`);
  await writeFile(file, seed, { mode: 0o600 });
  return file;
}

/** Where a container is in its network. */
async function addressOf(container: string): Promise<string> {
  const { docker, close } = await connectDocker({ environment: process.env, deadlineMilliseconds: 10_000 });
  try {
    const { NetworkSettings } = await docker.getContainer(container).inspect();
    const [network] = Object.values(NetworkSettings.Networks);
    if (network === undefined) throw new Error(`${container} is in no network`);
    return network.IPAddress;
  } finally {
    close();
  }
}
