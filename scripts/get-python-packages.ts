// Gets the packages that a lock file of Python names, once for each state of the file, and prints their folder:
//   node scripts/get-python-packages.ts packages/contracts/python/requirements.lock
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';

/** Some 30 megabytes are downloaded and unpacked, in milliseconds. */
const downloadDeadline = 5 * 60_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the packages of a lock file are, or will be. They are of one version of Python, so its name is part of it. */
async function placeOf(options: { lock: string; environment: Environment }): Promise<string> {
  const { lock, environment } = options;
  const { stdout: python } = await execa('python3', [
    '-c',
    'import sys; print(sys.implementation.cache_tag)',
  ]);
  const hash = createHash('sha256').update(readFileSync(lock)).digest('hex').slice(0, 16);
  const cache = environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), '.cache');
  return join(cache, 'arc', 'tools', `${basename(dirname(lock))}-${python}-${hash}`);
}

/**
 * The folder of packages that were downloaded before, for `PYTHONPATH`; nothing is downloaded here.
 *
 * @throws Error that says how to get them
 */
export async function pythonPackages(options: { lock: string; environment: Environment }): Promise<string> {
  const folder = await placeOf(options);
  if (existsSync(folder)) return folder;
  throw new Error(`${folder} is not there; \`node scripts/prepare.ts test\` gets it.`);
}

/**
 * The folder of a lock file's packages; downloaded first where they are not in `$XDG_CACHE_HOME/arc/tools`. pip checks
 * their hashes.
 *
 * @param options.progress told when there is something to wait for
 */
export async function getPythonPackages(options: {
  lock: string;
  environment: Environment;
  progress: (line: string) => void;
}): Promise<string> {
  const { lock, progress } = options;
  const folder = await placeOf(options);
  if (existsSync(folder)) return folder;
  progress(`getting the packages of ${lock} from PyPI`);
  await mkdir(dirname(folder), { recursive: true });
  // Beside its final place, so that two at once end with one whole folder.
  const partial = await mkdtemp(`${folder}.`);
  try {
    const quiet = ['--quiet', '--disable-pip-version-check', '--root-user-action=ignore'];
    // Of what PyPI has as source only, pip makes a wheel; that too is of a known hash.
    const wanted = ['--no-deps', '--require-hashes', '--target', partial, '--requirement', lock];
    await execa('python3', ['-m', 'pip', 'install', ...quiet, ...wanted], { timeout: downloadDeadline });
    await rename(partial, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return folder;
}

const [, program, lock] = process.argv;
if (program !== undefined && import.meta.url === pathToFileURL(program).href) {
  if (lock === undefined) {
    console.error('usage: node scripts/get-python-packages.ts <lock file>');
    process.exitCode = 2;
  } else {
    const progress = (line: string) => console.error(line);
    console.log(await getPythonPackages({ lock, environment: process.env, progress }));
  }
}
