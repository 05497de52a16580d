import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { startDaemon } from '../../src/doctor/engine-install/daemon.ts';
import { findProgram } from '../../src/host/system.ts';
import { cleanEnvironment } from './run-arc.ts';
import { until } from './until.ts';

/** Another machine, as far as arc can tell: an Engine without images, and a network that leads nowhere. */
export type SecondEngine = {
  docker: Docker;
  folder: string;
  socket: string;
  /** What makes arc use it, with a cache directory of its own. */
  environment: { DOCKER_HOST: string; XDG_CACHE_HOME: string };
  /** Starts a program in its network: `127.0.0.1` there is not ours. */
  before: readonly string[];
  close: () => Promise<void>;
};

/** Only root can start one, and only where Docker's own programs are. */
export const secondEngineNeeds = ['linux', 'root', 'dockerd', 'unshare', 'nsenter'] as const;

/** Brings the loopback interface of a new network up without any tool for that, then becomes the program. */
const withLoopback =
  'mount -t sysfs sysfs "$1" && echo 0x9 > "$1/class/net/lo/flags"; umount "$1"; shift; exec "$@"';

/**
 * Starts a dockerd in a network namespace of its own, with every folder private.
 *
 * @param options.programs folder with a dockerd and what it starts; without one, this machine's own is taken
 * @param options.flags more of dockerd's
 */
export async function startSecondEngine(
  options: { programs?: string; flags?: readonly string[] } = {},
): Promise<SecondEngine> {
  const environment = cleanEnvironment();
  if (options.programs !== undefined) environment.PATH = `${options.programs}:${environment.PATH}`;
  const folder = mkdtempSync(join(tmpdir(), 'arc-engine-'));
  const socket = join(folder, 'docker.sock');
  const sysfs = join(folder, 'sys');
  mkdirSync(sysfs);
  let pid: number | undefined;
  const close = async (): Promise<void> => {
    const ending = pid;
    pid = undefined;
    if (ending !== undefined) {
      process.kill(ending, 'SIGTERM');
      await until({ what: 'the end of the second dockerd', ask: () => !existsSync(`/proc/${ending}/exe`) });
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const started = await startDaemon({
      daemon: {
        program: findProgram('unshare', process.env) ?? '',
        arguments: [
          ...['--net', '--', '/bin/sh', '-c', withLoopback, 'sh', sysfs],
          findProgram('dockerd', environment) ?? '',
          `--host=unix://${socket}`,
          `--data-root=${join(folder, 'data')}`,
          `--exec-root=${join(folder, 'exec')}`,
          `--pidfile=${join(folder, 'pid')}`,
          ...(options.flags ?? []),
        ],
        socket,
        logFile: join(folder, 'log'),
      },
      environment,
      deadlineMilliseconds: 60_000,
      signal: new AbortController().signal,
    });
    pid = started.pid;
  } catch (error) {
    await close();
    throw error;
  }
  return {
    docker: new Docker({ socketPath: socket }),
    folder,
    socket,
    environment: { DOCKER_HOST: `unix://${socket}`, XDG_CACHE_HOME: join(folder, 'cache') },
    before: [findProgram('nsenter', process.env) ?? '', `--net=/proc/${pid}/ns/net`, '--'],
    close,
  };
}
