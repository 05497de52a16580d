import { createInterface } from 'node:readline';

/** How long an interrupted program may take to clear up. */
const graceMilliseconds = 5000;

/** How a program ended. */
export type ProgramEnd =
  | { kind: 'exited'; status: number }
  | { kind: 'killed'; by: string }
  /** It wrote nothing for longer than it may, and was ended for that. */
  | { kind: 'silent' }
  /** There is no such program. */
  | { kind: 'missing' };

/**
 * Runs a program to its end, handing over each line that it writes to either stream. It gets a process group of its
 * own, to be ended as a whole with its children: when the work is aborted, and when this process exits.
 *
 * @param options.input what it reads from standard input; nothing where absent
 * @param options.idleMilliseconds the longest silence, after which it or what it waits for is taken for stuck
 * @throws the abort's reason
 */
export async function runProgram(options: {
  command: string;
  args: readonly string[];
  cwd: string;
  environment: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  onLine: (line: string) => void;
  input?: string;
  idleMilliseconds?: number;
}): Promise<ProgramEnd> {
  // Loaded here, for most boots run no program, and it takes 14 ms.
  const { execa } = await import('execa');
  options.signal.throwIfAborted();
  const child = execa(options.command, options.args, {
    cwd: options.cwd,
    env: options.environment,
    extendEnv: false,
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    all: true,
    detached: true,
    cleanup: false,
  });
  const watch = watchSilence(options.idleMilliseconds);
  const release = endGroupOnAbort(child.pid, AbortSignal.any([options.signal, watch.silent]));
  let broken: { cause: unknown } | undefined;
  const reading = (async () => {
    for await (const line of createInterface({ input: child.all })) {
      watch.heard();
      try {
        options.onLine(line);
      } catch (cause) {
        // Read on: a program whose output nobody takes does not end.
        broken ??= { cause };
      }
    }
  })().catch(() => {});
  const result = await child;
  await reading;
  watch.stop();
  release();
  options.signal.throwIfAborted();
  if (watch.silent.aborted) return { kind: 'silent' };
  if (result.code === 'ENOENT') return { kind: 'missing' };
  if (result.signal) return { kind: 'killed', by: result.signal };
  if (broken) throw broken.cause;
  return { kind: 'exited', status: result.exitCode ?? 1 };
}

/** `failed with exit status 1`; after the program's name. */
export function describeEnd(end: Exclude<ProgramEnd, { kind: 'missing' }>): string {
  switch (end.kind) {
    case 'exited':
      return `failed with exit status ${end.status}`;
    case 'killed':
      return `was ended by ${end.by}`;
    case 'silent':
      return 'said nothing for too long, and was ended';
    default:
      return end satisfies never;
  }
}

function watchSilence(idleMilliseconds: number | undefined): {
  silent: AbortSignal;
  heard: () => void;
  stop: () => void;
} {
  const controller = new AbortController();
  if (idleMilliseconds === undefined) return { silent: controller.signal, heard: () => {}, stop: () => {} };
  const timer = setTimeout(() => controller.abort(), idleMilliseconds);
  return {
    silent: controller.signal,
    heard: () => void timer.refresh(),
    stop: () => clearTimeout(timer),
  };
}

/**
 * Interrupts a group of processes when the work is aborted: Go, mmdebstrap and buildx then clear up after themselves.
 * What is still there after the grace, or when this process exits, is killed.
 *
 * @returns stops watching
 */
function endGroupOnAbort(pid: number | undefined, signal: AbortSignal): () => void {
  if (pid === undefined) return () => {};
  let timer: NodeJS.Timeout | undefined;
  const end = (how: NodeJS.Signals) => {
    try {
      process.kill(-pid, how);
    } catch {
      // It has ended by itself.
    }
  };
  const kill = () => end('SIGKILL');
  const interrupt = () => {
    end('SIGINT');
    timer = setTimeout(kill, graceMilliseconds);
  };
  signal.addEventListener('abort', interrupt, { once: true });
  process.once('exit', kill);
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
    process.removeListener('exit', kill);
  };
}
