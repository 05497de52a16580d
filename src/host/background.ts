import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { endOf } from './process.ts';
import type { ProcessEnd } from './process-end.ts';

/** A program that goes on when arc has ended. */
export type BackgroundProcess = {
  /** None if it was not started. */
  pid: number | undefined;
  /** How it ended, once it has. */
  end: () => ProcessEnd | undefined;
  stop: () => void;
};

/**
 * Starts a program in its own session, so that it outlives arc and its terminal, and appends its output to a file. Uses
 * Node directly, because execa cannot pass on an open file.
 *
 * @throws the system's error where the file cannot be opened
 */
export function startInBackground(call: {
  command: string;
  args: readonly string[];
  cwd: string;
  environment: Readonly<Record<string, string | undefined>>;
  logFile: string;
}): BackgroundProcess {
  const log = openSync(call.logFile, 'a', 0o640);
  const child = spawn(call.command, call.args, {
    cwd: call.cwd,
    env: call.environment,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  child.unref();
  let end: ProcessEnd | undefined;
  child.once('error', (cause: NodeJS.ErrnoException) => {
    end = endOf({ call, result: { code: cause.code, cause } });
  });
  child.once('exit', (exitCode, signal) => {
    end = endOf({ call, result: { exitCode: exitCode ?? undefined, signal: signal ?? undefined } });
  });
  return { pid: child.pid, end: () => end, stop: () => void child.kill('SIGTERM') };
}
