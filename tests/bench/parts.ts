import { loadavg } from 'node:os';
import { benchBoot } from './boot.ts';
import type { PartName } from './bounds.ts';
import { benchCalls } from './calls.ts';
import { type Bench, type BenchContext, NotMeasured } from './context.ts';
import { benchContracts } from './contracts.ts';
import { benchHealth } from './health.ts';
import { benchPublish } from './publish.ts';
import { benchReason } from './reason.ts';
import { benchRelease } from './release.ts';
import type { Part } from './report.ts';
import { benchScale } from './scale.ts';
import { benchStartup } from './startup.ts';
import { benchVoice } from './voice.ts';
import { benchWorkers } from './workers.ts';

type PartPlan = {
  title: string;
  bench: Bench;
  /** Rounds for each round that is asked for: what takes a tenth of a second can be repeated more often. */
  times?: number;
  /** It boots a stack, and needs its names and ports. */
  boots?: true;
};

/** What the bench measures, in this order. */
export const parts: Readonly<Record<PartName, PartPlan>> = {
  start: { title: 'start', bench: benchStartup, times: 5 },
  scale: { title: 'validate, generate and plan of made-up services', bench: benchScale },
  publish: { title: 'three images for two platforms, built and pushed', bench: benchPublish },
  release: { title: 'a release of two images', bench: benchRelease },
  workers: {
    title: 'embedded workers: streams until one loses a picture or is refused, CPU in % of one core',
    bench: benchWorkers,
    boots: true,
  },
  calls: {
    title: 'Chromium through the gateway, from `connect` to the first sound',
    bench: benchCalls,
  },
  range: { title: 'think, five containers, media: range', bench: benchBoot('range'), boots: true },
  mux: { title: 'think, five containers, media: mux', bench: benchBoot('mux'), boots: true },
  reason: { title: 'the profile reason, with the voice', bench: benchReason, boots: true },
  voice: {
    title: 'a conversation with the agent, measured outside of it: 100 turns, 20 of them with a pause inside',
    bench: benchVoice,
    boots: true,
  },
  health: { title: 'health and memory of the platform', bench: benchHealth, boots: true },
  contracts: {
    title: 'contracts: 1,000 subscribers on NATS, the Go client on Pulsar (200,000 messages), 200 topics',
    bench: benchContracts,
    boots: true,
  },
};

/** A part's rows, or why there are none. */
export type Measured = { part: Part; failed: boolean };

/** @throws only what `context.signal` was aborted with */
export async function measurePart(name: PartName, context: BenchContext): Promise<Measured> {
  const { title, bench, times = 1 } = parts[name];
  const rounds = context.rounds * times;
  const progress = (line: string): void => context.progress(`${name}: ${line}`);
  const head = { name, title, load: loadavg()[0] ?? 0, rounds };
  try {
    const rows = await bench({ ...context, rounds, progress });
    return { part: { ...head, rows }, failed: false };
  } catch (error) {
    context.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    progress(`not measured: ${reason}`);
    // A report is for people: its first line says what happened, the whole has been printed.
    const [notMeasured = ''] = reason.split('\n');
    return { part: { ...head, rows: [], notMeasured }, failed: !(error instanceof NotMeasured) };
  }
}
