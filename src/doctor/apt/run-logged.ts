import { basename } from 'node:path';
import { prerequisite } from '../../core/errors.ts';
import type { EventSink } from '../../core/event.ts';

/** How often a line of the output is shown as progress. */
const progressMilliseconds = 5_000;
const tailLines = 12;

/**
 * Runs a command to its end: its whole output goes to a log file, and from time to time a line of it is shown.
 *
 * @param options.command program and arguments
 * @throws ArcError (exit status 4) `install-failed` with the last lines and the log's name
 */
export async function runLogged(options: {
  command: readonly [string, ...string[]];
  environment: Readonly<Record<string, string>>;
  logFile: string;
  deadlineMilliseconds: number;
  emit: EventSink;
  signal: AbortSignal;
}): Promise<void> {
  const { command, logFile, emit } = options;
  const [program, ...args] = command;
  const name = [basename(program), args.find((argument) => !argument.startsWith('-'))]
    .filter(Boolean)
    .join(' ');
  const task = { type: 'task', id: `run ${command.join(' ')}`, subject: name, action: 'run' } as const;
  const begun = performance.now();
  emit({ ...task, state: 'running' });
  // Loaded here, because it takes a while to load (scripts/measure/loading.ts) and most boots run no program.
  const { execa } = await import('execa');
  const child = execa(program, args, {
    env: options.environment,
    stdin: 'ignore',
    stdout: ['pipe', { file: logFile, append: true }],
    stderr: ['pipe', { file: logFile, append: true }],
    all: true,
    buffer: false,
    reject: false,
    timeout: options.deadlineMilliseconds,
    cancelSignal: options.signal,
    // dpkg must be able to finish the package that it is at.
    forceKillAfterDelay: 60_000,
  });
  const tail: string[] = [];
  let shown = begun;
  for await (const line of child.iterable({ from: 'all' })) {
    if (line.trim() === '') continue;
    tail.push(line);
    if (tail.length > tailLines) tail.shift();
    if (performance.now() - shown < progressMilliseconds) continue;
    shown = performance.now();
    emit({ ...task, state: 'running', detail: line });
  }
  const result = await child;
  const milliseconds = performance.now() - begun;
  if (!result.failed) {
    emit({ ...task, state: 'done', milliseconds });
    return;
  }
  emit({ ...task, state: 'failed', milliseconds });
  options.signal.throwIfAborted();
  const how = result.timedOut
    ? `was not done within ${Math.round(options.deadlineMilliseconds / 60_000)} minutes`
    : `ended with exit status ${result.exitCode ?? 'none'}`;
  throw prerequisite(
    {
      code: 'install-failed',
      message: `${name} ${how}.`,
      detail: [...tail, `the whole output: ${logFile}`],
      suggestion: advice(tail),
    },
    result.cause,
  );
}

/** What to do about the failures of apt-get that are not this machine's fault. */
function advice(tail: readonly string[]): string {
  const text = tail.join('\n');
  if (/Temporary failure resolving|Could not (connect|resolve)|Unable to fetch/i.test(text)) {
    return "this machine cannot reach its package mirror: check the network and apt's proxy, then run it again";
  }
  if (/dpkg --configure -a/.test(text))
    return 'an earlier installation was cut off: dpkg --configure -a, then run it again';
  if (/No space left on device/i.test(text)) return 'free some disk space, then run it again';
  return 'put right what the last lines say, then run it again';
}
