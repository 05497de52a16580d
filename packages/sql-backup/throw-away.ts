import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config, Server } from './config.ts';
import { connect } from './database.ts';
import { startProgram } from './programs.ts';
import { wordsOf } from './report.ts';

/** Folders of throw-away servers begin like this, so that those of a run that was killed are known again. */
export const scratchPrefix = 'verify-';

/** It is of no use after a crash, so nothing is waited for on disk. */
export const frugalSettings = [
  'listen_addresses=',
  'unix_socket_permissions=0700',
  'fsync=off',
  'full_page_writes=off',
  'synchronous_commit=off',
  'autovacuum=off',
  'shared_buffers=32MB',
  'max_parallel_workers=0',
  'max_parallel_maintenance_workers=0',
];

const settings = [...frugalSettings, 'wal_level=minimal', 'max_wal_senders=0', 'max_connections=20'];

const askAgainAfter = 100;
const startLimit = 60_000;

/**
 * Starts an empty server that listens on no port, only on a socket in its own folder. It ends with the scope, and
 * nothing of it is left.
 */
export async function startThrowAway(options: {
  config: Config;
  signal: AbortSignal;
}): Promise<Server & AsyncDisposable> {
  const { config, signal } = options;
  const { programs: folder, scratch } = config;
  const { user } = config.server;
  const home = await mkdtemp(join(scratch, scratchPrefix));
  const remove = (): Promise<void> => rm(home, { recursive: true, force: true });
  try {
    const data = join(home, 'data');
    await startProgram({
      folder,
      program: 'initdb',
      // Whoever can open the socket is the container's own user.
      args: [`--pgdata=${data}`, `--username=${user}`, '--auth=trust', '--encoding=UTF8', '--no-sync'].concat(
        '--locale=C',
      ),
      stdin: 'ignore',
      stdout: 'ignore',
      signal,
    }).ended;
    return await startServer({ folder, home, data, user, settings, limit: startLimit, signal, remove });
  } catch (cause) {
    await remove();
    throw cause;
  }
}

/**
 * Starts a server on data that is there, with its socket in `home`, and waits until it takes connections.
 *
 * @param options.limit milliseconds that it may take
 * @param options.remove what is done once it has ended
 */
export async function startServer(options: {
  folder: string;
  home: string;
  data: string;
  user: string;
  settings: readonly string[];
  limit: number;
  signal: AbortSignal;
  remove: () => Promise<void>;
}): Promise<Server & AsyncDisposable> {
  const { folder, home, data, user, limit, signal, remove } = options;
  const postgres = startProgram({
    folder,
    program: 'postgres',
    args: ['-D', data, '-k', home, ...options.settings.flatMap((setting) => ['-c', setting])],
    stdin: 'ignore',
    stdout: 'ignore',
  });
  const server = { host: home, port: 5432, user, password: 'none' };
  const stop = async (): Promise<void> => {
    postgres.process.kill('SIGQUIT');
    await postgres.ended.catch(() => undefined);
    await remove();
  };
  // Nobody asks a server that has ended.
  const ended = new AbortController();
  const asking = AbortSignal.any([signal, ended.signal]);
  try {
    await Promise.race([
      untilReady({ server, limit, signal: asking }),
      postgres.ended.then(() => endedEarly()),
    ]);
  } catch (cause) {
    ended.abort();
    await stop();
    throw cause;
  }
  return Object.assign(server, { [Symbol.asyncDispose]: stop });
}

function endedEarly(): never {
  throw new Error('the throw-away server ended before it was ready');
}

async function untilReady(options: { server: Server; limit: number; signal: AbortSignal }): Promise<void> {
  const { server, limit, signal } = options;
  const until = Date.now() + limit;
  for (;;) {
    signal.throwIfAborted();
    try {
      await using _client = await connect(server, 'template1');
      return;
    } catch (cause) {
      if (Date.now() > until) throw new Error(`the throw-away server is not ready: ${wordsOf(cause)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, askAgainAfter));
  }
}
