import type { Repair } from '../check.ts';
import { runLogged } from './run-logged.ts';

export const installLog = '/var/log/arc-install.log';

/** Installing an Engine takes about a minute; the rest is for a slow mirror. */
const deadlineMilliseconds = 15 * 60_000;

/** The commands that install packages without asking anything; a lock that somebody holds is waited for. */
export function aptCommands(packages: readonly string[]): readonly (readonly [string, ...string[]])[] {
  const patient = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=3'];
  return [
    ['apt-get', 'update', '--quiet', ...patient],
    ['apt-get', 'install', '--quiet', '--yes', '--no-install-recommends', ...patient, ...packages],
  ];
}

/**
 * Installs Debian packages; its `run` throws an ArcError (exit status 4) `install-failed`.
 */
export function aptRepair(options: { id: string; packages: readonly string[] }): Repair {
  return {
    id: options.id,
    action: `install ${options.packages.join(', ')} with apt-get`,
    run: async ({ emit, signal }) => {
      for (const command of aptCommands(options.packages)) {
        await runLogged({
          command,
          // Configuration files that somebody has changed stay as they are.
          environment: { DEBIAN_FRONTEND: 'noninteractive', UCF_FORCE_CONFFOLD: '1', NEEDRESTART_MODE: 'a' },
          logFile: installLog,
          deadlineMilliseconds,
          emit,
          signal,
        });
      }
    },
  };
}
