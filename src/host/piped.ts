import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** A program that this process talks to while it runs. */
export type PipedProcess = {
  stdin: Writable;
  stdout: Readable;
  /** The end of what it has written to standard error. */
  said: () => string;
  /** Whether it writes something like that to standard error before it ends. */
  says: (pattern: RegExp) => Promise<boolean>;
  /**
   * Resolves once the program has ended and all of its output was read. There is no status if a signal ended it, or it
   * could not start.
   */
  ended: Promise<{ status: number | undefined }>;
  /** Asks it to end. */
  stop: () => void;
};

/** Enough for all that a program says of one failure. */
const keptCharacters = 4_096;

/**
 * Starts a program whose input and output arc handles. Ctrl-C in the terminal does not end it, because cleanup may
 * still need it. It should end when its input ends, so that it does not outlive this process.
 *
 * @param call.terminal it may ask on the terminal, so it stays in this session and ignores that signal; else it gets a
 *   session of its own
 */
export function startPiped(call: {
  command: string;
  args: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
  terminal?: boolean;
}): PipedProcess {
  const { command, args, environment, terminal = false } = call;
  const child = terminal
    ? spawn('/bin/sh', ['-c', 'trap "" INT QUIT; exec "$@"', 'sh', command, ...args], {
        env: environment,
        stdio: 'pipe',
      })
    : spawn(command, args, { env: environment, stdio: 'pipe', detached: true });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-keptCharacters);
  });
  // A program that has ended reads no more.
  child.stdin.on('error', () => {});
  const ended = new Promise<{ status: number | undefined }>((resolve) => {
    child.once('error', (error) => {
      said += error.message;
      resolve({ status: undefined });
    });
    child.once('close', (status) => resolve({ status: status ?? undefined }));
  });
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    said: () => said.trim(),
    says: (pattern) =>
      new Promise((resolve) => {
        const listen = (): void => {
          if (!pattern.test(said)) return;
          child.stderr.off('data', listen);
          resolve(true);
        };
        child.stderr.on('data', listen);
        listen();
        void ended.then(() => resolve(pattern.test(said)));
      }),
    ended,
    stop: () => void child.kill('SIGTERM'),
  };
}
