// `make bench`: measures arc against Docker Compose, the Engine alone, buildx and bare Node.js on this machine, prints
// each row with its bound, and writes the whole run to docs/bench.json. README.md shows that file.
//   ARC_BENCH_ROUNDS=3 node tests/bench/run.ts               every part, three counted rounds (5 where nothing is said)
//   node tests/bench/run.ts --output <file> start mux        some parts, into another file: docs/bench.json is of whole runs
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { partNames } from './bounds.ts';
import type { BenchContext } from './context.ts';
import { run } from './measure.ts';
import { type BenchOptions, readOptions, usage } from './options.ts';
import { measurePart, parts } from './parts.ts';
import { describeRun, printPart } from './print.ts';
import type { Part, Report } from './report.ts';
import { describeEngine, findStacks } from './stack.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const began = performance.now();

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});

/** @returns the exit status */
async function main(): Promise<number> {
  const options = optionsOrUsage();
  if (options === undefined) return 2;
  const inTheWay = options.parts.some((name) => parts[name].boots) ? await findStacks() : [];
  if (inTheWay.length > 0) {
    process.stderr.write(
      `error: a stack is on this Engine: ${inTheWay.join(', ')}\n` +
        'help: remove it with its data (arc clean), or name another Engine in DOCKER_HOST\n',
    );
    return 1;
  }
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => interruption.abort(new Error('interrupted')));
  const folder = await mkdtemp(join(tmpdir(), 'arc-bench-'));
  const progress = (line: string): void =>
    void process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0)} s  ${line}\n`);
  try {
    const arc = join(root, 'bin', 'arc');
    const { rounds } = options;
    const context = { rounds, folder, root, arc, progress, signal: interruption.signal };
    return await measureAll(context, options);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    process.stderr.write('interrupted: nothing was written, because a report is of one whole run\n');
    return 130;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function optionsOrUsage(): BenchOptions | undefined {
  try {
    return readOptions({ words: process.argv.slice(2), environment: process.env });
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
    return undefined;
  }
}

/** @returns the exit status: 1 where a part failed; a row that misses its bound is no failure of the run */
async function measureAll(context: BenchContext, options: BenchOptions): Promise<number> {
  const head = await describe(options.rounds);
  process.stdout.write(`${describeRun({ ...head, seconds: 0, parts: [] })}\n`);
  const measured: Part[] = [];
  let failures = 0;
  for (const name of options.parts) {
    const { part, failed } = await measurePart(name, context);
    process.stdout.write(`\n${printPart(part)}`);
    measured.push(part);
    failures += Number(failed);
  }
  const report: Report = {
    ...head,
    seconds: Math.round((performance.now() - began) / 1000),
    parts: measured,
  };
  await write(report, options);
  return failures === 0 ? 0 : 1;
}

async function describe(rounds: number): Promise<Omit<Report, 'seconds' | 'parts'>> {
  return {
    commit: await run('git', ['rev-parse', 'HEAD'], { cwd: root }),
    changed: (await run('git', ['status', '--porcelain', '--untracked-files=no'], { cwd: root })) !== '',
    date: new Date().toISOString(),
    machine: {
      processor: cpus()[0]?.model ?? 'unknown processor',
      cores: availableParallelism(),
      memoryBytes: totalmem(),
    },
    engine: await describeEngine(),
    rounds,
    load: loadavg()[0] ?? 0,
  };
}

async function write(report: Report, options: BenchOptions): Promise<void> {
  const whole = report.parts.length === partNames.length;
  const file = options.output ?? (whole ? join(root, 'docs', 'bench.json') : undefined);
  if (file === undefined) return;
  await writeFile(file, `${JSON.stringify(report, undefined, 2)}\n`);
  process.stderr.write(`wrote ${file}\n`);
}
