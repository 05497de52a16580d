import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ArcError } from '../../core/errors.ts';
import type { EventSink } from '../../core/event.ts';
import { withBuildLock } from '../../images/build-lock.ts';
import { runLogged } from './run-logged.ts';
import { awaitLocks, startTurn, type Turn } from './turn.ts';

export const installLog = '/var/log/arc-install.log';

/** Installing an Engine takes about a minute; the rest is for a slow mirror. */
const deadlineMilliseconds = 15 * 60_000;

/** Where packages are installed, and how long installations of others are waited for, in milliseconds. */
export type AptSite = { root: string; logFile: string; patience: number };

/** Nightly upgrades of a server take minutes. */
const thisSystem: AptSite = { root: '/', logFile: installLog, patience: 10 * 60_000 };

const retryMilliseconds = 1_000;

/** The commands that install packages without asking anything. */
export function aptCommands(packages: readonly string[]): readonly (readonly [string, ...string[]])[] {
  // For a program that takes a lock between arc's check and apt-get's own. It does not apply to the lock of the package
  // lists.
  const options = ['-o', 'DPkg::Lock::Timeout=30', '-o', 'Acquire::Retries=3'];
  return [
    ['apt-get', 'update', '--quiet', ...options],
    ['apt-get', 'install', '--quiet', '--yes', '--no-install-recommends', ...options, ...packages],
  ];
}

/**
 * Installs Debian packages. Waits for other installers, and names them: another arc, automatic upgrades, a person.
 *
 * @throws ArcError (exit status 4) `install-failed`, or `apt-locked` if the wait was too long
 */
export async function installPackages(options: {
  packages: readonly string[];
  emit: EventSink;
  signal: AbortSignal;
  site?: AptSite;
}): Promise<void> {
  const { packages, emit, signal, site = thisSystem } = options;
  const turn = startTurn({ emit, signal, milliseconds: site.patience });
  // Held between the commands too, because another arc's update would change the lists during this installation.
  await withBuildLock({
    file: join(site.root, 'run/arc/install.lock'),
    signal,
    onWait: (holder) => {
      turn.waitFor(`another arc installs packages: ${holder}`);
      turn.check();
    },
    work: async () => {
      for (const command of aptCommands(packages)) await runInTurn({ command, turn, emit, site });
    },
  });
}

/** Runs a command once apt's locks are free, and again if another program was faster. */
async function runInTurn(options: {
  command: readonly [string, ...string[]];
  turn: Turn;
  emit: EventSink;
  site: AptSite;
}): Promise<void> {
  const { command, turn, emit, site } = options;
  for (;;) {
    await awaitLocks({ turn, root: site.root });
    turn.over();
    try {
      await runLogged({
        command,
        environment: {
          DEBIAN_FRONTEND: 'noninteractive',
          // Keeps configuration files that a person has edited.
          UCF_FORCE_CONFFOLD: '1',
          NEEDRESTART_MODE: 'a',
          // Its output is parsed below.
          LC_ALL: 'C.UTF-8',
        },
        logFile: site.logFile,
        deadlineMilliseconds,
        emit,
        signal: turn.signal,
      });
      return;
    } catch (cause) {
      const refusal = lockRefusal(cause);
      if (refusal === undefined) throw cause;
      turn.waitFor(refusal);
      turn.check();
      await sleep(retryMilliseconds, undefined, { signal: turn.signal });
    }
  }
}

/**
 * apt-get's message about a lock that another program holds: `Could not get lock /x. It is held by process 7
 * (apt-get)`.
 */
function lockRefusal(cause: unknown): string | undefined {
  if (!(cause instanceof ArcError) || cause.code !== 'install-failed') return undefined;
  const line = cause.problems[0].detail?.find((each) =>
    /^E: (Could not get lock|Unable to (lock|acquire) )/.test(each),
  );
  return line?.replace(/^E: /, '');
}
