import type { EngineConnection } from '../platform/docker/connection.ts';
import { lockProject, type ProjectLock } from '../platform/docker/lock/lock.ts';
import type { Context } from './context.ts';

/**
 * Takes the project's lock on an Engine. If the previous holder died, waits until the Engine has finished that holder's
 * requests.
 *
 * @param options.command shown to whoever comes next: `up`
 * @throws ArcError `locked` (exit status 1) naming the holder
 */
export async function lockOn(options: {
  context: Context;
  connection: Pick<EngineConnection, 'engine' | 'endpoint' | 'awaitUnfinishedWork'>;
  project: string;
  command: string;
}): Promise<ProjectLock> {
  const { context, connection, project, command } = options;
  const { engine, endpoint } = connection;
  const lock = await lockProject({
    engine,
    project,
    command: `arc ${command}`,
    address: endpoint.address,
    signal: context.signal,
    warn: (problem) => context.emit({ type: 'warning', problem }),
  });
  try {
    if (lock.abandoned) await connection.awaitUnfinishedWork({ project });
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
  return lock;
}
