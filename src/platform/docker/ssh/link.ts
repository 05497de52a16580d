import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { type PipedProcess, startPiped } from '../../../host/piped.ts';
import { removeSharedFolder } from '../../../host/remove-folder.ts';
import { findProgram } from '../../../host/system.ts';
import { destination, type SshAddress } from './address.ts';

/** One connection to another machine, which many programs share. */
export type SshLink = {
  address: SshAddress;
  /** A folder that only this user may enter, removed with the link. */
  folder: string;
  /**
   * Starts `ssh` over the connection: runs a command there, or forwards its input to a host and port as seen from
   * there. Undefined if the connection has ended.
   */
  start: (what: { command: readonly string[] } | { forward: string }) => PipedProcess | undefined;
  /** ssh's messages when the connection ended; undefined while it is open. */
  lost: () => string | undefined;
  /** Whether work over the connection failed as it does when the connection breaks. */
  faltered: () => boolean;
  /** ssh's last message about the connection; empty if the user opened it. */
  said: () => string;
  /** Resolves when the connection ends. */
  over: Promise<void>;
  /** Ends the connection and all that uses it. */
  close: () => void;
};

/** Why there is no connection: `missing` where this machine has no `ssh`. */
export type SshFailure = { kind: 'missing' } | { kind: 'late' } | { kind: 'ended'; stderr: string };

export type Environment = Readonly<Record<string, string | undefined>>;

/** As long as the `docker` command waits. */
const connectSeconds = 30;
/** A person may have to type a passphrase or compare a fingerprint. */
const typingMilliseconds = 120_000;
/** A network that has gone is noticed after three of them. */
const aliveSeconds = 10;
/** Exit status of `ssh` for a failure of its own (ssh(1)). */
const failedItself = 255;
/** Longest path of a socket, on the system that takes the shortest (macOS). */
const socketLimit = 103;

/** Nothing of a user's settings may add to the connection, and what this program writes is read. */
const always = [
  ...['-a', '-x', '-T'],
  ...['-o', 'RemoteCommand=none', '-o', 'PermitLocalCommand=no', '-o', 'LogLevel=INFO'],
];

/**
 * Connects with the system's own `ssh`, so that its configuration, agent, known hosts, jump hosts and security keys
 * apply. Everything shares this one connection (ControlMaster): one that the user has open, else a new one in a private
 * folder. It ends with `close`, and with this process, however that ends.
 *
 * On a terminal, `ssh` may ask questions; otherwise it asks none (BatchMode).
 */
export async function openSshLink(options: {
  address: SshAddress;
  environment: Environment;
}): Promise<SshLink | SshFailure> {
  const { address, environment } = options;
  const program = findProgram('ssh', environment);
  if (program === undefined) return { kind: 'missing' };
  const folder = privateFolder();
  const children = new Set<PipedProcess>();
  const run: Run = (settings) => {
    const child = startPiped({ command: program, environment, ...settings });
    children.add(child);
    void child.ended.then(() => children.delete(child));
    return child;
  };
  const close = (): void => {
    process.off('exit', close);
    for (const child of children) child.stop();
    removeSharedFolder(folder);
  };
  process.on('exit', close);
  const to = destination(address);
  const shared = await isShared({ run, to });
  const own = join(folder, 'm');
  const master = shared ? undefined : await openMaster({ run, to, control: own, environment });
  if (master !== undefined && 'kind' in master) {
    close();
    return master;
  }
  const control = shared ? [] : ['-o', `ControlPath=${own}`];
  const lost = (): string | undefined => master?.ended();
  let faltered = false;
  return {
    address,
    folder,
    lost,
    faltered: () => faltered,
    said: () => master?.said() ?? '',
    over: master?.over ?? new Promise(() => {}),
    close,
    start: (what) => {
      if (lost() !== undefined) return undefined;
      const join = [...control, '-o', 'ControlMaster=no', '-o', 'BatchMode=yes'];
      const args =
        'forward' in what
          ? [...join, '-o', 'LogLevel=DEBUG1', ...always, '-W', what.forward, ...to]
          : [...join, ...always, '-o', 'ClearAllForwardings=yes', ...to, ...what.command];
      const child = run({ args });
      void child.ended.then(({ status }) => {
        faltered ||= status === failedItself;
      });
      return child;
    },
  };
}

type Master = { ended: () => string | undefined; said: () => string; over: Promise<void> };
type Run = (settings: { args: readonly string[]; terminal?: boolean }) => PipedProcess;

/** Whether the user's own settings keep a connection open that can be used as well. */
async function isShared(options: { run: Run; to: readonly string[] }): Promise<boolean> {
  const child = options.run({ args: ['-O', 'check', ...options.to] });
  child.stdin.end();
  child.stdout.resume();
  return (await child.ended).status === 0;
}

/**
 * Opens a connection that others can share: ssh makes the control socket once the far side has let it in. A program
 * runs over it that ends when its input does, so that no connection outlives this process.
 */
async function openMaster(options: {
  run: Run;
  to: readonly string[];
  control: string;
  environment: Environment;
}): Promise<Master | SshFailure> {
  const { run, to, control, environment } = options;
  const mayAsk = isatty(0) && isatty(2) && !environment.CI;
  const child = run({
    terminal: mayAsk,
    args: [
      ...['-o', 'ControlMaster=yes', '-o', `ControlPath=${control}`, '-o', 'ControlPersist=no'],
      ...['-o', `BatchMode=${mayAsk ? 'no' : 'yes'}`, '-o', `ConnectTimeout=${connectSeconds}`],
      ...['-o', `ServerAliveInterval=${aliveSeconds}`, '-o', 'ServerAliveCountMax=3'],
      ...[...always, '-o', 'ClearAllForwardings=yes', ...to, 'cat'],
    ],
  });
  child.stdout.resume();
  let ended = false;
  const over = child.ended.then(() => {
    ended = true;
  });
  const limit = performance.now() + (mayAsk ? typingMilliseconds : connectSeconds * 1_000);
  while (!existsSync(control)) {
    if (ended) return { kind: 'ended', stderr: child.said() };
    if (performance.now() > limit) return { kind: 'late' };
    await sleep(10);
  }
  // Everything up to here was the far side's banner.
  const greeting = child.said();
  const lost = (): string => {
    const said = child.said();
    const news = said.startsWith(greeting) ? said.slice(greeting.length).trim() : said;
    return news || 'the connection was closed';
  };
  return { over, said: child.said, ended: () => (ended ? lost() : undefined) };
}

/** Removes the folders of processes that were killed; their connections have ended with them. */
function sweep(place: string): void {
  for (const name of readdirSync(place)) {
    const pid = /^arc-ssh-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    try {
      rmSync(join(place, name), { recursive: true });
    } catch {
      // Another user's, or one that another arc has just removed.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** In the temporary folder, or in /tmp if the name would be too long for a socket. */
function privateFolder(): string {
  const name = `arc-ssh-${process.pid}-`;
  const fits = tmpdir().length + name.length <= socketLimit - 'XXXXXX/m.0123456789abcdef'.length - 1;
  const place = fits ? tmpdir() : '/tmp';
  sweep(place);
  return mkdtempSync(join(place, name));
}
