import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { execa } from 'execa';

/** The checkout that is tested. */
export const repository = join(import.meta.dirname, '..', '..');

/** The launcher, as a person types it. It builds the program first where sources are newer. */
export const launcher = join(repository, 'bin', 'arc');

/** What a command did, as its user sees it. */
export type Ran = { exitCode: number | undefined; stdout: string; stderr: string; output: string };

export type RunOptions = {
  cwd: string;
  environment?: Readonly<Record<string, string>>;
  /** What arc is started by: `nsenter` with its arguments. */
  before?: readonly string[];
  /** A command that takes longer is stuck; its output so far is in the error. */
  limitMilliseconds?: number;
};

/** Generous, for machines that are busy; no test asserts how long something takes. */
const limitMilliseconds = 180_000;

/** Runs arc to its end. Any exit status is a result. */
export async function runArc(args: readonly string[], options: RunOptions): Promise<Ran> {
  const { exitCode, stdout, stderr, all, timedOut } = await startArc(args, options);
  if (timedOut) throw new Error(`arc ${args.join(' ')} did not end in time. So far:\n${all}`);
  return { exitCode, stdout, stderr, output: all };
}

export type RunningArc = ReturnType<typeof startArc>;

/** Starts arc and gives the process; it ends with any exit status without throwing. */
export function startArc(args: readonly string[], options: RunOptions) {
  const [program = launcher, ...rest] = [...(options.before ?? []), launcher, ...args];
  return execa(program, rest, {
    cwd: options.cwd,
    env: cleanEnvironment(options.environment),
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    all: true,
    timeout: options.limitMilliseconds ?? limitMilliseconds,
    forceKillAfterDelay: 5_000,
  });
}

/** The environment of this process without what would change arc's answers from one machine to another. */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !/^(CI|NO_COLOR|FORCE_COLOR|NODE_|VITEST|LIVEKIT_|REDIS_|MINIO_|ARC_|LINES$|COLUMNS$)/.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), LC_ALL: 'C.UTF-8', ...extra };
}

/** The events of `--json`, one a line; a line that is no JSON object fails the test. */
export function eventsOf(stdout: string): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The answer of a command that ran with `--json`. */
export function resultOf<Data>(stdout: string): Data {
  const result = eventsOf(stdout).find(({ type }) => type === 'result');
  if (result === undefined) throw new Error(`there is no result among the events:\n${stdout}`);
  return result.data as Data;
}

/** Resolves with the first line that `matches`; whoever writes them goes on. */
export function untilLine(output: Readable, matches: (line: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: output });
    lines.on('line', (line) => {
      if (matches(line)) resolve(line);
    });
    lines.on('close', () => reject(new Error('the process ended before the expected line')));
  });
}
