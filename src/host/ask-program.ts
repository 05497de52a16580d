import { execFile } from 'node:child_process';

/** How a program answered. */
export type ProgramAnswer = {
  /** None where it was ended by a signal, or could not be started. */
  status: number | undefined;
  stdout: Buffer;
  /** Text, for people. */
  stderr: string;
  /** It did not end in time, and was ended. */
  timedOut: boolean;
  /** There is no such program. */
  missing: boolean;
};

/**
 * Runs a program that answers at once, with Node alone: execa, which runs what takes minutes, has to be loaded first.
 *
 * @param options.environment all of it
 * @param options.input standard input; nothing where absent
 * @throws the signal's reason
 */
export async function askProgram(options: {
  command: string;
  args: readonly string[];
  cwd: string;
  environment: Readonly<Record<string, string | undefined>>;
  input?: string;
  limitMilliseconds: number;
  signal: AbortSignal;
}): Promise<ProgramAnswer> {
  const { command, args, cwd, environment, input, limitMilliseconds, signal } = options;
  signal.throwIfAborted();
  const answer = await new Promise<ProgramAnswer>((resolve) => {
    const child = execFile(
      command,
      args,
      {
        cwd,
        env: environment,
        encoding: 'buffer',
        maxBuffer: Number.POSITIVE_INFINITY,
        timeout: limitMilliseconds,
        signal,
      },
      (error, stdout, stderr) => {
        resolve({
          status: error === null ? 0 : typeof error.code === 'number' ? error.code : undefined,
          stdout,
          stderr: stderr.toString('utf8').trim(),
          timedOut: error?.killed === true && !signal.aborted,
          missing: error?.code === 'ENOENT',
        });
      },
    );
    // A program that does not read what it is given may have ended before all is written.
    child.stdin?.on('error', () => {}).end(input ?? '');
  });
  signal.throwIfAborted();
  return answer;
}
