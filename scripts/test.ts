// Runs every test: node scripts/test.ts, on a machine that node scripts/prepare.ts has prepared.
// Tests of the stack spend half of their time waiting for it, so there are up to three lines of runs beside each other,
// and one run after them. Within each, one file follows the other and has its Engine to itself, as always.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { allowedSkips } from '../tests/allowed-skips.ts';
import { needs } from '../tests/support/needs.ts';
import { cleanEnvironment, launcher, repository } from '../tests/support/run-arc.ts';
import { type SecondEngine, secondEngineNeeds, startSecondEngine } from '../tests/support/second-engine.ts';
import { connectTestEngine } from '../tests/support/test-engine.ts';
import { bringTinyBases } from '../tests/support/tiny-bases.ts';
import { buildDockerEngine } from './build-go-tool.ts';
import { media, onEitherEngine, onSecondEngine, withoutEngine } from './test/plan.ts';
import {
  durationLines,
  type Failure,
  judgeSkips,
  mergeReports,
  reportLines,
  type Skip,
} from './test/report.ts';
import { reservePorts } from './test/reserve-ports.ts';
import { type Run, runVitest } from './test/vitest.ts';

/** What the tests need and could not get: in the report beside the tests themselves. */
const failures: Failure[] = [];
const skips: Skip[] = [];
const reasonOf = (error: unknown): string => String(error).split('\n', 1)[0] ?? '';

/**
 * A second Engine, of another version than Debian's, with the bases in it. They are built here where they are missing,
 * because it has no network.
 *
 * @returns undefined if there is none, or only one whose driver `vfs` copies every file; its files then run on the first
 */
async function secondEngine(): Promise<SecondEngine | undefined> {
  const name = 'the second Engine';
  const { skip, meta } = needs(...secondEngineNeeds);
  if (skip) {
    skips.push({ name, reason: `it needs ${meta.needs}` });
    return undefined;
  }
  let engine: SecondEngine | undefined;
  try {
    const programs = await buildDockerEngine({ environment: process.env, progress: console.log });
    engine = await startSecondEngine({ programs });
    const { Driver } = await engine.docker.info();
    if (Driver === 'vfs') {
      skips.push({ name, reason: 'its storage driver is vfs, which copies every file' });
      await engine.close();
      return undefined;
    }
    await execa(launcher, ['images', 'build', 'ultra-instinct'], {
      cwd: repository,
      env: cleanEnvironment({ DOCKER_HOST: engine.environment.DOCKER_HOST }),
      extendEnv: false,
      stdin: 'ignore',
      // Where nothing is there yet, this takes minutes.
      stdout: 'inherit',
      stderr: 'inherit',
      // Some bases exist in a registry only; a test that needs one fails.
      reject: false,
    });
    shareCaches(engine.environment.XDG_CACHE_HOME);
    return engine;
  } catch (error) {
    failures.push({ name, reason: reasonOf(error) });
    await engine?.close();
    return undefined;
  }
}

/** Each run has locks of its own; what was built is for all. */
function shareCaches(own: string): void {
  const shared = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  mkdirSync(join(own, 'arc'), { recursive: true });
  for (const name of ['arc/bases', 'arc/tools', 'go-build']) {
    mkdirSync(join(shared, name), { recursive: true });
    symlinkSync(join(shared, name), join(own, name));
  }
}

/** Three lines of runs beside each other, and then the run that measures pictures and sound. */
async function runAll(second: SecondEngine | undefined): Promise<readonly Run[]> {
  shareCaches(folder);
  const waiting = [...onEitherEngine];
  /** Runs its own files, and then one file after the other of those that wait. */
  const runOnEngine = async (options: Omit<Parameters<typeof runVitest>[0], 'folder'>): Promise<Run[]> => {
    const runs = [await runVitest({ ...options, folder })];
    for (let file = waiting.shift(); file !== undefined && !interrupted; file = waiting.shift())
      runs.push(await runVitest({ ...options, args: [file], folder }));
    return runs;
  };
  const elsewhere = [...withoutEngine, ...(second ? onSecondEngine : []), ...onEitherEngine, ...media];
  const together = await Promise.all([
    runOnEngine({
      title: 'on the first Engine',
      args: elsewhere.flatMap((file) => ['--exclude', file]),
      live: true,
    }),
    second
      ? runOnEngine({
          title: 'on the second Engine',
          args: onSecondEngine,
          live: false,
          before: second.before,
          environment: second.environment,
        })
      : [],
    runVitest({
      title: 'without an Engine',
      args: withoutEngine,
      live: false,
      folder,
      environment: { XDG_CACHE_HOME: folder },
    }),
  ]);
  await second?.close();
  const runs = together.flat();
  if (interrupted) return runs;
  return [...runs, await runVitest({ title: 'pictures and sound', args: media, live: true, folder })];
}

/** @returns the exit status */
function tell(runs: readonly Run[]): number {
  const preparation = { passed: 0, failures, skips, files: [] };
  const all = mergeReports([preparation, ...runs.map(({ report }) => report)]);
  const judged = judgeSkips(all, { strict: process.env.CI === 'true', allowed: allowedSkips });
  console.log('');
  for (const line of durationLines(runs)) console.log(line);
  for (const line of reportLines(judged)) console.log(line);
  return judged.failures.length === 0 ? 0 : 1;
}

// What is interrupted ends by itself, and the second Engine after that. At a terminal everybody gets the signal.
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupted = true;
  });
}

await connectTestEngine()
  .claim()
  .catch((error) => {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  });
const folder = mkdtempSync(join(tmpdir(), 'arc-test-'));
// Once, before runs that need them are beside each other.
await bringTinyBases(connectTestEngine().docker).catch((error) =>
  failures.push({ name: 'the tiny bases', reason: reasonOf(error) }),
);
const engine = await secondEngine();
const giveBackPorts = reservePorts();
try {
  if (!interrupted) process.exitCode = tell(await runAll(engine));
} finally {
  giveBackPorts();
  await engine?.close();
  rmSync(folder, { recursive: true });
}
if (interrupted) process.exitCode = 130;
