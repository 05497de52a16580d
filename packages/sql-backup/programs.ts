import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Server } from './config.ts';

/** Of what a program says before it fails, this much is kept. */
const keptOutput = 4_096;

/** A program of PostgreSQL that runs. `ended` rejects with its last words where it fails. */
export type Running = { process: ChildProcess; ended: Promise<void> };

/**
 * Starts one of PostgreSQL's programs. The password goes through the environment, so no list of processes shows it.
 *
 * @param options.folder of the programs
 */
export function startProgram(options: {
  folder: string;
  program: string;
  args: readonly string[];
  server?: Server | undefined;
  stdin: 'pipe' | 'ignore';
  stdout: 'pipe' | 'ignore';
  signal?: AbortSignal | undefined;
}): Running {
  const { folder, program, args, server, stdin, stdout, signal } = options;
  const child = spawn(join(folder, program), args, {
    stdio: [stdin, stdout, 'pipe'],
    env: { ...process.env, LC_ALL: 'C', ...(server === undefined ? {} : accessTo(server)) },
    ...(signal === undefined ? {} : { signal }),
  });
  let said = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (chunk: string) => {
    said = (said + chunk).slice(-keptOutput);
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, killedBy) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} failed (${killedBy ?? code}): ${lastWords(said)}`));
    });
  });
  // Whoever waits for it later gets it all the same.
  ended.catch(() => undefined);
  return { process: child, ended };
}

/** Environment variables of libpq. */
function accessTo({ host, port, user, password }: Server): Record<string, string> {
  return {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: password,
    PGCONNECT_TIMEOUT: '10',
    PGAPPNAME: 'arc-backup',
  };
}

/** The first line that says what is wrong. */
function lastWords(said: string): string {
  // A server says of each client that asks too early that it does not take it yet.
  const isNoise = (line: string): boolean => line.trim() === '' || /not accepting connections/.test(line);
  const lines = said.split('\n').filter((line) => !isNoise(line));
  return lines.find((line) => /error|fatal/i.test(line)) ?? lines.at(-1) ?? 'it said nothing';
}
