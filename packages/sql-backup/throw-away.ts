import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config, Server } from './config.ts';
import { connect } from './database.ts';
import { startProgram } from './programs.ts';
import { wordsOf } from './report.ts';

/** Folders of throw-away servers begin like this, so that those of a run that was killed are known again. */
export const scratchPrefix = 'verify-';

/** It is of no use after a crash, so nothing is waited for on disk. */
const settings = [
  'listen_addresses=',
  'unix_socket_permissions=0700',
  'fsync=off',
  'full_page_writes=off',
  'synchronous_commit=off',
  'autovacuum=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'shared_buffers=32MB',
  'max_connections=20',
  'max_parallel_workers=0',
  'max_parallel_maintenance_workers=0',
];

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
    const postgres = startProgram({
      folder,
      program: 'postgres',
      args: ['-D', data, '-k', home, ...settings.flatMap((setting) => ['-c', setting])],
      stdin: 'ignore',
      stdout: 'ignore',
    });
    const server = { host: home, port: 5432, user, password: 'none' };
    const stop = async (): Promise<void> => {
      postgres.process.kill('SIGQUIT');
      await postgres.ended.catch(() => undefined);
      await remove();
    };
    try {
      await Promise.race([untilReady({ server, signal }), postgres.ended.then(() => endedEarly())]);
    } catch (cause) {
      await stop();
      throw cause;
    }
    return Object.assign(server, { [Symbol.asyncDispose]: stop });
  } catch (cause) {
    await remove();
    throw cause;
  }
}

function endedEarly(): never {
  throw new Error('the throw-away server ended before it was ready');
}

async function untilReady(options: { server: Server; signal: AbortSignal }): Promise<void> {
  const { server, signal } = options;
  const until = Date.now() + startLimit;
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
