// Runs every test: node scripts/test.ts
// Tests of the stack spend half of their time waiting for it, so there are up to three runs at the same time, and one
// after them. Within each, one file follows the other and has its Engine to itself, as always.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { hasRegistry } from '../tests/support/registry.ts';
import { cleanEnvironment, launcher, repository } from '../tests/support/run-arc.ts';
import {
  canStartSecondEngine,
  type SecondEngine,
  startSecondEngine,
} from '../tests/support/second-engine.ts';
import { connectTestEngine } from '../tests/support/test-engine.ts';
import { buildGoTool } from './build-go-tool.ts';
import { getPypiTool, pypiToolNames } from './get-pypi-tool.ts';
import { goToolNames } from './go-tools.ts';

/**
 * What runs on a second Engine in a network of its own, where this machine can have one: files that need images, tools
 * and the stack's ports, and no network but the loopback interface. As much as is left for the first Engine.
 */
const onSecondEngine = [
  'e2e/boot',
  'e2e/failures',
  'e2e/flavours',
  'e2e/interrupt',
  'e2e/new-service',
  'e2e/offline',
  'e2e/readme',
  'e2e/rollback',
  'e2e/secrets',
  'e2e/terminal',
  'integration/embedded-rpc',
].map((name) => `tests/${name}.test.ts`);

/** What needs neither an Engine nor the stack's ports. */
const withoutEngine = [
  'e2e/release',
  'integration/doctor-daemon',
  'integration/doctor-install',
  'integration/images-lock',
  'integration/init',
  'integration/registry',
  'integration/release',
  'integration/release-supply',
  'integration/verify',
  'integration/workflows',
].map((name) => `tests/${name}.test.ts`);

/** What measures pictures and sound in real time: last, and with the machine to itself. */
const media = [
  ...readdirSync(join(repository, 'tests', 'integration'))
    .filter((name) => /^embedded-(in|e)gress.*\.test\.ts$/.test(name))
    .map((name) => `tests/integration/${name}`),
  'tests/e2e/media-story.test.ts',
];

/** `undefined` where a run ended before it could count. */
type Counts = { passed: number; failed: number } | undefined;

/** One run of Vitest; what it says is shown line by line, or, under a title, all of it when it has ended. */
async function vitest(options: {
  args: readonly string[];
  title?: string;
  before?: readonly string[];
  environment?: Readonly<Record<string, string>>;
}): Promise<{ counts: Counts; exitCode: number; failures: readonly string[] }> {
  const { args, title, before = [], environment = {} } = options;
  const program = join(repository, 'node_modules', 'vitest', 'vitest.mjs');
  const [first = process.execPath, ...rest] = [...before, process.execPath, program, 'run', ...args];
  const child = execa(first, rest, {
    cwd: repository,
    env: environment,
    stdin: 'ignore',
    stdout: title === undefined ? ['pipe', 'inherit'] : 'pipe',
    stderr: title === undefined ? ['pipe', 'inherit'] : 'pipe',
    all: true,
    reject: false,
  });
  const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGTERM', passOn);
  const { all, exitCode = 1 } = await child;
  process.off('SIGTERM', passOn);
  if (title !== undefined) console.log(`\n${title}:\n${all}`);
  const last = [...all.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  const counts = last && { passed: Number(last[1]), failed: Number(last[2]) };
  return { counts, exitCode, failures: failuresIn(all) };
}

/** What Vitest reports as failed, each once, with the first line of its reason. */
function failuresIn(output: string): readonly string[] {
  const found = stripVTControlCharacters(output).matchAll(/^ FAIL +(.*)\n(.*)$/gm);
  return [...new Set(Array.from(found, ([, name, reason]) => `✗ ${name}\n    ${reason}`))];
}

/** What tests bring along where it is missing, so that no two do it at once; on the second Engine there is no network. */
async function bringTools(): Promise<void> {
  const options = { environment: process.env, progress: console.log };
  const bring = [
    ...goToolNames.map((name) => () => buildGoTool({ name, ...options })),
    ...pypiToolNames.map((name) => () => getPypiTool({ name, ...options })),
  ];
  // One after the other, for each build has work for every core. What cannot be had is said by its tests.
  for (const one of bring) {
    if (interrupted) return;
    await one().catch((error) => console.log(String(error)));
  }
  hasRegistry();
}

/**
 * A second Engine with the bases in it. They are built here where they are missing, for it has no network.
 *
 * @returns nothing where there cannot be one, or none that is as quick as the first: files are copied by `vfs`
 */
async function secondEngine(): Promise<SecondEngine | undefined> {
  if (!canStartSecondEngine) return undefined;
  let engine: SecondEngine | undefined;
  try {
    engine = await startSecondEngine();
    const { Driver } = await engine.docker.info();
    if (Driver === 'vfs') throw new Error(`its storage driver is ${Driver}`);
    await execa(launcher, ['images', 'build'], {
      cwd: repository,
      env: cleanEnvironment({ DOCKER_HOST: engine.environment.DOCKER_HOST }),
      extendEnv: false,
      stdin: 'ignore',
      // Where nothing is there yet, this takes minutes.
      stdout: 'inherit',
      stderr: 'inherit',
      // Some bases cannot be had anywhere but in a registry.
      reject: false,
    });
    shareCaches(engine.environment.XDG_CACHE_HOME);
    return engine;
  } catch (error) {
    console.log(`There is no second Engine: ${String(error)}`);
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
await bringTools();
const engine = await secondEngine();
try {
  if (!interrupted) process.exitCode = await runAll(engine);
} finally {
  await engine?.close();
  rmSync(folder, { recursive: true });
}
if (interrupted) process.exitCode = 130;

/** @returns the exit status: that of the first run that did not end well */
async function runAll(second: SecondEngine | undefined): Promise<number> {
  const elsewhere = [...withoutEngine, ...(second ? onSecondEngine : []), ...media];
  shareCaches(folder);
  const atOnce = await Promise.all([
    vitest({ args: elsewhere.flatMap((file) => ['--exclude', file]) }),
    vitest({ title: 'Without an Engine', args: withoutEngine, environment: { XDG_CACHE_HOME: folder } }),
    ...(second ? [vitest({ title: 'On the second Engine', args: onSecondEngine, ...second })] : []),
  ]);
  await second?.close();
  const runs = interrupted ? atOnce : [...atOnce, await vitest({ args: media })];
  const sum = (one: 'passed' | 'failed') =>
    runs.reduce((total, { counts }) => total + (counts?.[one] ?? (one === 'failed' ? 1 : 0)), 0);
  // Once more, for of three runs' output the end is what a reader sees.
  for (const failure of runs.flatMap(({ failures }) => failures)) console.log(failure);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  return runs.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0;
}
