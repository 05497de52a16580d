import { existsSync } from 'node:fs';
import type { Secret } from '../core/secret.ts';
import type { ProcessEnd } from './process-end.ts';
import { type ProcessOutput, readOutput } from './process-output.ts';
import { secretsIn } from './secret-variables.ts';
import { watchSilence } from './silence.ts';

/** How long a program may take to clear up when it is ended early. */
const graceMilliseconds = 5_000;

/** A program to run to its end. */
export type ProcessCall = {
  /** Looked for in the PATH of `environment`, unless it is a path. */
  command: string;
  args: readonly string[];
  /** This process's own folder where absent. */
  cwd?: string;
  /** All of it. Values of variables with the name of a secret are hidden in what the program writes. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Further texts to redact. */
  secrets?: readonly Secret[];
  /**
   * Standard input; empty if absent. It may arrive later: the program starts and waits for it. If it never arrives, arc
   * ends the program.
   */
  input?: string | Promise<string>;
  /** Takes each line of both streams, which are not kept then. */
  onLine?: (line: string) => void;
  /** Whether a line may say why the program failed; any does where absent. */
  tells?: (line: string) => boolean;
  /** How long it may take. */
  limitMilliseconds?: number;
  /** Longest silence, after which it is taken for stuck. Counts from the moment that it has its input. */
  idleMilliseconds?: number;
  /**
   * How to end it early: an interrupt, so that it cleans up, and after the grace period a kill. `group` gives it its
   * own session, and also ends everything that it started.
   */
  stop?: { with?: 'SIGINT' | 'SIGTERM'; graceMilliseconds?: number; group?: boolean };
  signal?: AbortSignal;
};

export type ProcessRun = ProcessEnd & ProcessOutput;

/**
 * Runs a program to its end. How it ended is for the caller to judge. Nothing else in arc runs one that it waits for.
 *
 * @throws the signal's reason, that of the input, or what `onLine` threw
 */
export async function run(call: ProcessCall): Promise<ProcessRun> {
  const { command, environment, limitMilliseconds, idleMilliseconds, signal, stop = {} } = call;
  const input = Promise.resolve(call.input);
  // Reported below, when the program has ended.
  input.catch(() => {});
  // Loaded here, because it takes a while to load (scripts/measure/loading.ts) and most commands run no program.
  const { execa } = await import('execa');
  signal?.throwIfAborted();
  const silence = watchSilence({ idleMilliseconds });
  const withheld = new AbortController();
  const limit = limitMilliseconds === undefined ? undefined : AbortSignal.timeout(limitMilliseconds);
  const over = AbortSignal.any(
    [silence.signal, withheld.signal, limit, signal].filter((each) => each !== undefined),
  );
  const earlyEnd = (): ProcessEnd | undefined => {
    if (idleMilliseconds !== undefined && silence.signal.aborted)
      return { kind: 'silent', milliseconds: idleMilliseconds };
    if (limitMilliseconds !== undefined && limit?.aborted)
      return { kind: 'timed-out', milliseconds: limitMilliseconds };
    return undefined;
  };
  const child = execa(command, call.args, {
    ...(call.cwd === undefined ? {} : { cwd: call.cwd }),
    env: environment,
    extendEnv: false,
    stdin: call.input === undefined ? 'ignore' : 'pipe',
    encoding: 'buffer',
    // Read below.
    buffer: false,
    reject: false,
    cancelSignal: over,
    killSignal: stop.with ?? 'SIGINT',
    forceKillAfterDelay: stop.graceMilliseconds ?? graceMilliseconds,
    killDescendants: stop.group ?? false,
  });
  // A program that does not read what it is given may have ended before all is written.
  child.stdin?.on('error', () => {});
  // buildx hears no signal while it reads its input.
  over.addEventListener('abort', () => child.stdin?.destroy(), { once: true });
  child.nodeChildProcess.once('exit', () => {
    // A child process may live on and keep the output open; arc waits for the whole group and kills it.
    if (!over.aborted || stop.group) return;
    child.stdout.destroy();
    child.stderr.destroy();
  });
  void input.then(
    (text) => {
      child.stdin?.end(text);
      silence.begin();
    },
    (cause: unknown) => withheld.abort(cause),
  );
  const reading = readOutput({
    stdout: child.stdout,
    stderr: child.stderr,
    secrets: [...secretsIn(environment), ...(call.secrets ?? [])],
    onLine: call.onLine,
    tells: call.tells,
    onHeard: silence.heard,
  });
  const [output, result] = await Promise.allSettled([reading, child]);
  silence.stop();
  signal?.throwIfAborted();
  withheld.signal.throwIfAborted();
  if (output.status === 'rejected') throw output.reason;
  if (result.status === 'rejected') throw result.reason;
  return { ...(earlyEnd() ?? endOf({ call, result: result.value })), ...output.value };
}

/** execa's facts about a program that has ended. */
type Result = {
  exitCode?: number | undefined;
  signal?: string | undefined;
  code?: string | undefined;
  cause?: unknown;
};

/** How a program ended that was not ended early. */
export function endOf(options: { call: Pick<ProcessCall, 'cwd'>; result: Result }): ProcessEnd {
  const { call, result } = options;
  if (result.exitCode !== undefined) return { kind: 'exited', status: result.exitCode };
  if (result.signal !== undefined) return { kind: 'killed', by: result.signal };
  // A folder that is gone looks the same to the system as a program that is.
  if (call.cwd !== undefined && !existsSync(call.cwd))
    return { kind: 'not-started', reason: `the folder ${call.cwd} does not exist` };
  if (result.code === 'ENOENT') return { kind: 'missing' };
  return {
    kind: 'not-started',
    reason: result.cause instanceof Error ? result.cause.message : 'no reason given',
  };
}
