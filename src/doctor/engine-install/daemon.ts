import { existsSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { prerequisite } from '../../core/errors.ts';
import { startInBackground } from '../../host/background.ts';
import { describeEnd, type ProcessEnd } from '../../host/process-end.ts';
import { daemonFailure } from './daemon-failure.ts';

const pollMilliseconds = 100;
const tailLines = 15;

/** How to start dockerd, and where it listens. */
export type Daemon = {
  /** Path of dockerd. */
  program: string;
  arguments: readonly string[];
  /** Path of the socket. */
  socket: string;
  logFile: string;
};

/** Debian's defaults, as its service would have them; dockerd writes /var/run/docker.pid by itself. */
export function systemDaemon(program: string): Daemon {
  return { program, arguments: [], socket: '/var/run/docker.sock', logFile: '/var/log/arc-dockerd.log' };
}

/**
 * Starts dockerd in the background, in its own session so that it outlives arc and its terminal, and waits until it
 * answers. If it does not, stops it again.
 *
 * @throws ArcError (exit status 4) `engine-did-not-start`, with the last lines of its log
 */
export async function startDaemon(options: {
  daemon: Daemon;
  environment: Readonly<Record<string, string>>;
  deadlineMilliseconds: number;
  signal: AbortSignal;
}): Promise<{ pid: number }> {
  const { daemon, deadlineMilliseconds, signal } = options;
  const before = existsSync(daemon.logFile) ? statSync(daemon.logFile).size : 0;
  const running = startInBackground({
    command: daemon.program,
    args: daemon.arguments,
    cwd: '/',
    environment: {
      ...options.environment,
      PATH: `${options.environment.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`,
    },
    logFile: daemon.logFile,
  });
  const end = performance.now() + deadlineMilliseconds;
  while (running.end() === undefined && performance.now() < end && !signal.aborted) {
    if (await answers(daemon.socket)) return { pid: running.pid ?? 0 };
    await wait(pollMilliseconds);
  }
  const ended = running.end();
  // Somebody else may have started one at the same moment.
  if (ended !== undefined && (await answers(daemon.socket))) return { pid: 0 };
  if (ended === undefined) running.stop();
  signal.throwIfAborted();
  throw prerequisite(
    daemonFailure({
      how: ended
        ? howItEnded(ended, daemon.program)
        : `it did not answer at ${daemon.socket} within ${Math.round(deadlineMilliseconds / 1000)} s`,
      log: tail(daemon.logFile, before),
      logFile: daemon.logFile,
    }),
  );
}

function howItEnded(end: ProcessEnd, program: string): string {
  return end.kind === 'missing' ? `there is no ${program}` : `it ${describeEnd(end)}`;
}

/** Waits until an Engine answers on a socket; false if it does not in time. */
export async function awaitAnswer(options: {
  socket: string;
  deadlineMilliseconds: number;
  signal: AbortSignal;
}): Promise<boolean> {
  const end = performance.now() + options.deadlineMilliseconds;
  while (performance.now() < end) {
    options.signal.throwIfAborted();
    if (await answers(options.socket)) return true;
    await wait(pollMilliseconds);
  }
  return false;
}

/** Whether an Engine answers on a socket now (`GET /_ping`). */
function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: '/_ping', timeout: 1_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.once('timeout', () => ping.destroy());
    ping.once('error', () => resolve(false));
    ping.end();
  });
}

/** The last lines of what was written to a log since it had `from` bytes. */
function tail(file: string, from: number): readonly string[] {
  const lines = readFileSync(file).subarray(from).toString('utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').slice(-tailLines);
}
