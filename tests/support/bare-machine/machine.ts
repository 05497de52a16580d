import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { cleanEnvironment, type Ran, repository, untilLine } from '../run-arc.ts';
import { givenPrograms } from './programs.ts';
import { aptSettings, aptSources, copySettings, registryEnvironment, searchPath } from './settings.ts';

/** A fresh Debian with what the README names as needed, and nothing else. */
export type BareMachine = {
  /** Its root directory, as seen from here. */
  root: string;
  /** A clone of the checkout under test. */
  clone: (folder: string) => Promise<void>;
  /** Runs a script to its end. Any exit status is a result. */
  run: (script: string, options?: BareRun) => Promise<Ran>;
  close: () => Promise<void>;
};

export type BareRun = {
  /** `root` unless named. */
  user?: string;
  /** The user's groups as they were when the session began: none; as they are now unless said. */
  groups?: 'none';
  /** Where; the user's home directory unless named. */
  folder?: string;
  environment?: Readonly<Record<string, string>>;
  limitMilliseconds?: number;
};

/** Without them there is no bare machine. */
export const bareMachineNeeds = ['root', 'linux', 'mmdebstrap', 'unshare', 'nsenter', 'slirp4netns'] as const;

/** What every developer has; the README's `make` is the only one that is named there. */
const packages = ['make', 'git', 'ca-certificates'];
/** Debian's mirrors can be slow. */
const makeMilliseconds = 10 * 60_000;

/** @throws with the log of what makes it, where it cannot be made */
export async function startBareMachine(): Promise<BareMachine> {
  const folder = mkdtempSync(join(tmpdir(), 'arc-bare-'));
  const root = join(folder, 'root');
  writeFileSync(join(folder, 'apt-settings'), aptSettings());
  const keeper = spawn(
    'sh',
    [join(import.meta.dirname, 'keeper.sh'), folder, codename(), packages.join(','), ...aptSources()],
    { detached: true, stdio: ['pipe', 'pipe', 'inherit'], env: cleanEnvironment() },
  );
  const close = async (): Promise<void> => {
    const ended = once(keeper, 'exit');
    keeper.stdin.end();
    await ended;
  };
  try {
    const said = await withLimit(untilLine(keeper.stdout, Boolean), makeMilliseconds);
    const process = /^ready (\d+)$/.exec(said)?.[1];
    if (process === undefined) throw new Error('there is no bare machine');
    const enter = entrance(process);
    await furnish({ root, folder, enter });
    return {
      root,
      clone: (path) => cloneInto(join(root, path)),
      run: (script, options) => run({ enter, script, ...options }),
      close,
    };
  } catch (error) {
    const log = readFileSync(join(folder, 'log'), 'utf8');
    await close();
    throw new Error(`${error instanceof Error ? error.message : String(error)}:\n${log}`, { cause: error });
  }
}

/** What starts a program in the namespaces of a process, with their root directory. */
function entrance(process: string): readonly string[] {
  const namespaces = ['mnt:mount', 'net:net', 'uts:uts', 'ipc:ipc', 'pid_for_children:pid'];
  const flags = namespaces.map((pair) => {
    const [file, flag] = pair.split(':');
    return `--${flag}=/proc/${process}/ns/${file}`;
  });
  return ['nsenter', ...flags, '--'];
}

type Machine = { root: string; folder: string; enter: readonly string[] };

/** Brings in Node.js, npm and Go of this machine, the settings of registries, and Go's caches to write over. */
async function furnish(machine: Machine): Promise<void> {
  const { root } = machine;
  const { shared, links } = givenPrograms();
  for (const path of shared) await bind(machine, path);
  for (const { name, target } of links) symlinkSync(target, join(root, 'usr/local/bin', name));
  copySettings(root);
  await overlay(machine, { of: await goFolder('GOMODCACHE'), at: '/root/go/pkg/mod' });
  await overlay(machine, { of: await goFolder('GOCACHE'), at: '/root/.cache/go-build' });
  await inside(machine, ['chroot', root, '/usr/sbin/update-ca-certificates']);
  // Not chroot: a kernel lets no ordinary user of a changed root make the namespaces that mmdebstrap wants.
  const become = 'mount --rbind "$1" "$1" && cd "$1" && pivot_root . mnt && umount -l /mnt';
  await inside(machine, ['sh', '-c', become, 'sh', root]);
}

/** Shows a file or folder of this machine at the same path, to read. What Debian brings itself stays. */
async function bind(machine: Machine, path: string): Promise<void> {
  const target = join(machine.root, path);
  if (existsSync(target)) return;
  if (statSync(path).isDirectory()) mkdirSync(target, { recursive: true });
  else {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, '');
  }
  await inside(machine, ['mount', '--bind', path, target]);
  await inside(machine, ['mount', '-o', 'remount,bind,ro', target]);
}

/** Shows a folder of this machine in which changes are the bare machine's own. */
async function overlay(machine: Machine, options: { of: string; at: string }): Promise<void> {
  const target = join(machine.root, options.at);
  mkdirSync(target, { recursive: true });
  if (!existsSync(options.of)) return;
  const own = mkdtempSync(join(machine.folder, 'overlay-'));
  const [upper, work] = [join(own, 'upper'), join(own, 'work')];
  for (const path of [upper, work]) mkdirSync(path);
  const layers = `lowerdir=${options.of},upperdir=${upper},workdir=${work}`;
  await inside(machine, ['mount', '-t', 'overlay', 'overlay', '-o', layers, target]);
}

const goFolder = async (name: string) => (await execa('go', ['env', name])).stdout;

async function inside({ enter }: Pick<Machine, 'enter'>, command: readonly string[]): Promise<void> {
  const [program = '', ...rest] = [...enter, ...command];
  await execa(program, rest, { stdin: 'ignore' });
}

async function run(options: Pick<Machine, 'enter'> & BareRun & { script: string }): Promise<Ran> {
  const { enter, script, user = 'root', environment = {}, limitMilliseconds = 120_000 } = options;
  const home = user === 'root' ? '/root' : `/home/${user}`;
  const variables = {
    ...registryEnvironment(process.env),
    PATH: searchPath,
    HOME: home,
    USER: user,
    LANG: 'C.UTF-8',
    ...environment,
  };
  const [program = '', ...rest] = [
    ...enter,
    ...['setpriv', `--reuid=${user}`, `--regid=${user}`],
    ...[options.groups === 'none' ? '--clear-groups' : '--init-groups', 'env', '-i'],
    ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    ...['sh', '-c', 'cd "$1" && eval "$2"', 'sh', options.folder ?? home, script],
  ];
  const ran = await execa(program, rest, {
    stdin: 'ignore',
    reject: false,
    all: true,
    timeout: limitMilliseconds,
    killSignal: 'SIGKILL',
  });
  if (ran.timedOut) throw new Error(`${script} did not end in time. So far:\n${ran.all}`);
  return { exitCode: ran.exitCode, stdout: ran.stdout, stderr: ran.stderr, output: ran.all };
}

/** The commit under test, and what is different from it in the working tree. */
async function cloneInto(target: string): Promise<void> {
  const git = (...parameters: string[]) => execa('git', ['-C', repository, ...parameters]);
  await git('clone', '--quiet', '--no-hardlinks', repository, target);
  const { stdout } = await git('ls-files', '-z', '--modified', '--others', '--exclude-standard');
  for (const file of stdout.split('\0').filter((name) => existsSync(join(repository, name)) && name !== '')) {
    cpSync(join(repository, file), join(target, file), { recursive: true });
  }
}

/** This machine's Debian or Ubuntu, which its sources of packages are for. */
function codename(): string {
  const name = /^VERSION_CODENAME=(.*)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  if (name === undefined) throw new Error('/etc/os-release names no codename');
  return name;
}

async function withLimit<T>(promise: Promise<T>, limitMilliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the bare machine was not there in time')), limitMilliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
