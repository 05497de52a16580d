import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

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
 * @param options.input what it reads from standard input; nothing where absent. It may come later: the program starts,
 *   and waits for it; where it never comes, the program is ended
 * @param options.idleMilliseconds the longest silence, after which it or what it waits for is taken for stuck
 * @throws the abort's reason, or that of the input
 */
export async function runProgram(options: {
  command: string;
  args: readonly string[];
  cwd: string;
  environment: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  onLine: (line: string) => void;
  input?: string | Promise<string>;
  idleMilliseconds?: number;
}): Promise<ProgramEnd> {
  options.signal.throwIfAborted();
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.environment,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', (error) => resolve({ error }));
    child.once('close', (status, signal) => resolve({ status, signal }));
  });
  const watch = watchSilence();
  const withheld = new AbortController();
  const over = AbortSignal.any([options.signal, watch.silent, withheld.signal]);
  const release = endGroupOnAbort(child.pid, over);
  // A program that does not read what it is given may have ended before all is written.
  child.stdin?.on('error', () => {});
  // buildx hears no signal while it reads its input.
  over.addEventListener('abort', () => child.stdin?.destroy(), { once: true });
  void Promise.resolve(options.input).then(
    (input) => {
      child.stdin?.end(input);
      watch.begin(options.idleMilliseconds);
    },
    (cause: unknown) => withheld.abort(cause),
  );
  let broken: { cause: unknown } | undefined;
  const read = async (stream: Readable | null): Promise<void> => {
    if (stream === null) return;
    for await (const line of createInterface({ input: stream })) {
      watch.heard();
      try {
        options.onLine(line);
      } catch (cause) {
        // Read on: a program whose output nobody takes does not end.
        broken ??= { cause };
      }
    }
  };
  const reading = Promise.allSettled([read(child.stdout), read(child.stderr)]);
  const ending = await ended;
  await reading;
  watch.stop();
  release();
  options.signal.throwIfAborted();
  withheld.signal.throwIfAborted();
  if (watch.silent.aborted) return { kind: 'silent' };
  if ('error' in ending && ending.error.code === 'ENOENT') return { kind: 'missing' };
  if ('signal' in ending && ending.signal !== null) return { kind: 'killed', by: ending.signal };
  if (broken) throw broken.cause;
  return { kind: 'exited', status: ('status' in ending ? ending.status : undefined) ?? 1 };
}

type Ending = { error: NodeJS.ErrnoException } | { status: number | null; signal: NodeJS.Signals | null };

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

function watchSilence(): {
  silent: AbortSignal;
  /** Silence counts from here on. */
  begin: (idleMilliseconds: number | undefined) => void;
  heard: () => void;
  stop: () => void;
} {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  return {
    silent: controller.signal,
    begin: (idleMilliseconds) => {
      if (idleMilliseconds === undefined || isOver) return;
      timer = setTimeout(() => controller.abort(), idleMilliseconds);
    },
    heard: () => void timer?.refresh(),
    stop: () => {
      isOver = true;
      clearTimeout(timer);
    },
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
