import { closeSync, openSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { prerequisite } from '../../core/errors.ts';
import type { EventSink } from '../../core/event.ts';
import { startStep } from '../../core/report-step.ts';
import { run } from '../../host/process.ts';
import { describeEnd, succeeded } from '../../host/process-end.ts';

/**
 * Runs a command to its end: its whole output goes to a log file, and its latest line is reported.
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
  const step = startStep({ emit, id: `run ${command.join(' ')}`, verb: 'run', on: `command/${name}` });
  const log = openSync(logFile, 'a', 0o640);
  const ended = await run({
    command: program,
    args,
    environment: { ...process.env, ...options.environment },
    limitMilliseconds: options.deadlineMilliseconds,
    signal: options.signal,
    // dpkg, which apt-get starts, must be able to finish the package that it is at.
    stop: { with: 'SIGTERM', graceMilliseconds: 60_000 },
    onLine: (line) => {
      writeSync(
        log,
        `${line}
`,
      );
      if (line.trim() !== '') step.update({ output: line });
    },
  })
    .catch((cause: unknown) => {
      step.failed(cause, 'install-failed');
      throw cause;
    })
    .finally(() => closeSync(log));
  if (succeeded(ended)) {
    step.done();
    return;
  }
  const failure = prerequisite({
    code: 'install-failed',
    message: `${name} ${describeEnd(ended)}.`,
    detail: [...ended.tail, `the whole output: ${logFile}`],
    suggestion: advice(ended.tail),
  });
  step.failed(failure, failure.code);
  throw failure;
}

/** Advice for failures of apt-get that are not the fault of arc. */
function advice(tail: readonly string[]): string {
  const text = tail.join('\n');
  if (/Temporary failure resolving|Could not (connect|resolve)|Unable to fetch/i.test(text)) {
    return "this machine cannot reach its package mirror: check the network and apt's proxy, then run it again";
  }
  if (/dpkg --configure -a/.test(text))
    return 'an earlier installation was cut off: dpkg --configure -a, then run it again';
  if (/No space left on device/i.test(text)) return 'free some disk space, then run it again';
  return 'fix what the last lines report, then run it again';
}
