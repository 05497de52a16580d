import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { encoded, testPicture } from '../story/test-picture.ts';
import { bounds } from './bounds.ts';
import { type Bench, type BenchContext, requireTools } from './context.ts';
import type { Load } from './load.ts';
import { loadEgress } from './load-egress.ts';
import { loadIngress } from './load-ingress.ts';
import { type Row, streamsRow } from './report.ts';
import { makeStack } from './stack.ts';

const sizes = ['640x360', '1280x720'] as const;
type Size = (typeof sizes)[number];

/** The bench has to end, whatever a machine can take. */
const mostStreams = 6;
/** Longer than the measurement of any number of streams. */
const sourceSeconds = 90;

/**
 * How many streams the embedded workers take at once before the first picture is lost, what each costs, how long until
 * it is active, and how far sound is from its picture.
 */
export const benchWorkers: Bench = async (context) => {
  requireTools('ffmpeg');
  const { progress } = context;
  const stack = await makeStack({
    context,
    name: 'workers',
    lines: 'settings: { media: mux }',
  });
  try {
    progress('booting a stack with the embedded workers');
    await stack.arc('up', 'think', '--quiet', '--yes');
    const folder = join(context.folder, 'media');
    await mkdir(folder);
    const rows: Row[] = [];
    for (const size of sizes) {
      progress(`encoding a source of ${size}`);
      const source = await makeSource({ folder, size });
      const measure = (kind: 'ingress' | 'egress', load: (streams: number) => Promise<Load | 'refused'>) =>
        increase({ context, what: `${kind} ${size}`, load }).then((loads) => rowOf({ kind, size, loads }));
      rows.push(await measure('ingress', (streams) => loadIngress({ source, streams })));
      rows.push(await measure('egress', (streams) => loadEgress({ folder, source, size, streams })));
    }
    return rows;
  } finally {
    await stack.remove();
  }
};

/** Encoded before, so that the encoder's work is not part of the load. */
async function makeSource(options: { folder: string; size: Size }): Promise<string> {
  const file = join(options.folder, `${options.size}.flv`);
  const picture = testPicture({ size: options.size, seconds: sourceSeconds, live: false });
  await execa('ffmpeg', ['-v', 'error', ...picture, ...encoded, file]);
  return file;
}

/** What so many streams came to: measured, refused, or a server too busy to answer its API in time. */
type Outcome = Load | 'refused' | 'unanswered';

/** One stream more each time, until a picture is lost, a stream is refused or a call is not answered. */
async function increase(options: {
  context: BenchContext;
  what: string;
  load: (streams: number) => Promise<Load | 'refused'>;
}): Promise<readonly Outcome[]> {
  const { context, what, load } = options;
  const loads: Outcome[] = [];
  for (let streams = 1; streams <= mostStreams; streams += 1) {
    context.signal.throwIfAborted();
    context.progress(`${what}, ${streams === 1 ? '1 stream' : `${streams} streams at once`}`);
    const one = await load(streams).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'TimeoutError') return 'unanswered' as const;
      throw error;
    });
    loads.push(one);
    if (typeof one === 'string' || one.missing > 0) return loads;
  }
  return loads;
}

function rowOf(options: { kind: 'ingress' | 'egress'; size: Size; loads: readonly Outcome[] }): Row {
  const figure = `${options.kind} ${options.size}` as const;
  const bound = bounds.workers[figure];
  const whole = options.loads.filter((one) => typeof one !== 'string').filter(({ missing }) => missing === 0);
  const best = whole.at(-1);
  const end = endOf(options.loads[whole.length]);
  if (best === undefined) return streamsRow({ figure, bound, streams: 0, end });
  const apart = best.apart.toSorted((a, b) => a - b);
  return streamsRow({
    figure,
    bound,
    streams: best.streams,
    end,
    each: {
      cpuPercent: Math.round(best.cpuPercent / best.streams),
      activeSeconds: Number((best.toActive / 1_000).toFixed(2)),
      soundLateMilliseconds: Math.round(apart[Math.floor(apart.length / 2)] ?? Number.NaN),
      soundWorstMilliseconds: Math.round(Math.max(...apart.map(Math.abs))),
    },
  });
}

function endOf(first: Outcome | undefined): string {
  if (first === undefined) return 'more were not tried';
  if (first === 'refused') return 'the next is refused';
  if (first === 'unanswered') return 'the next is not answered in time';
  return `${first.streams} lost ${first.missing}`;
}
