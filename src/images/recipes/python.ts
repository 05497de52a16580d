import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { run } from '../../host/process.ts';
import type { FixedFolderStep } from './fixed-step.ts';
import { pathIn, type RecipeKind, type StepContext } from './kind.ts';
import { leaveOut } from './leave-out.ts';
import { processorOf, runPip } from './pip.ts';
import { takeSources } from './sources.ts';

/** A Python program and, in a virtual environment beside it, the wheels that its requirements name. */
export const python: RecipeKind<FixedFolderStep<'python'>> = {
  describe: (step) => `Python program ${step.folder} on Python ${step.python}`,
  contribute: async (step, context) => {
    const root = join(context.work, 'root');
    const program = pathIn(root, step.target);
    await takeSources({ step, to: program });
    await installWheels({ step, program, context });
    await leaveOut({ patterns: step.leave_out ?? [], folder: program });
    await compile({ version: step.python, root, program, context });
    return [{ kind: 'folder', path: root }];
  },
};

/**
 * Creates a virtual environment like `python -m venv`. That command works only for its own Python; the one of the base
 * is not on this machine.
 */
async function installWheels(options: {
  step: FixedFolderStep<'python'>;
  program: string;
  context: StepContext;
}): Promise<void> {
  const { step, program, context } = options;
  const { python: version, interpreter = `/usr/bin/python${version}` } = step;
  const environment = join(program, '.venv');
  const bin = join(environment, 'bin');
  const packages = join(environment, 'lib', `python${version}`, 'site-packages');
  await Promise.all([bin, packages].map((folder) => mkdir(folder, { recursive: true })));
  const config = [
    `home = ${posix.dirname(interpreter)}`,
    'include-system-site-packages = false',
    `version = ${version}`,
    '',
  ];
  await writeFile(join(environment, 'pyvenv.cfg'), config.join('\n'));
  await symlink(interpreter, join(bin, `python${version}`));
  for (const name of ['python', 'python3']) await symlink(`python${version}`, join(bin, name));
  context.update('pip install');
  await runPip({
    command: 'install',
    args: ['--no-compile', `--target=${packages}`, `--requirement=${join(program, 'requirements.txt')}`],
    python: version,
    processor: processorOf(context.architecture, 'python'),
    context,
  });
  await moveScripts({ packages, bin, interpreter: `${step.target}/.venv/bin/python` });
}

/**
 * Compiles all sources, so that no start has to: in a base, Python cannot keep what it compiles. Only the same version of
 * Python can do it; where this machine has another one, and for files that are none of Python's, the sources do.
 */
async function compile(options: {
  version: string;
  root: string;
  program: string;
  context: StepContext;
}): Promise<void> {
  const { version, root, program, context } = options;
  context.update(`compiling for Python ${version}`);
  const quietly = ['-m', 'compileall', '-qq'];
  // Compiled files do not depend on the times of their sources, because a base does not keep them.
  const forBase = ['--invalidation-mode=unchecked-hash', '-s', root, '-p', '/'];
  await run({
    command: `python${version}`,
    args: [...quietly, ...forBase, program],
    cwd: context.work,
    environment: { ...context.environment, PYTHONHASHSEED: '0' },
    signal: context.signal,
    onLine: () => {},
    stop: { group: true },
  });
}

/** pip puts programs of wheels beside the packages, to be run by the Python of this machine. */
async function moveScripts(options: { packages: string; bin: string; interpreter: string }): Promise<void> {
  const { packages, bin, interpreter } = options;
  const from = join(packages, 'bin');
  const names = await readdir(from).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw cause;
  });
  for (const name of names) {
    const script = await readFile(join(from, name));
    await writeFile(join(bin, name), withInterpreter(script, interpreter), { mode: 0o755 });
  }
  await rm(from, { recursive: true, force: true });
  for (const name of await readdir(packages)) {
    if (!name.endsWith('.dist-info')) continue;
    const record = join(packages, name, 'RECORD');
    const lines = (await readFile(record, 'utf8')).split('\n');
    // Their hashes are those of the scripts for this machine.
    await writeFile(record, lines.filter((line) => !/^"?(?:\.\.\/)*bin\//.test(line)).join('\n'));
  }
}

/** Points a script to the base's Python; other programs stay as they are. */
export function withInterpreter(script: Buffer, interpreter: string): Buffer {
  const head = script.subarray(0, 1024).toString('latin1');
  // pip writes the second form if the path of the interpreter is too long for a first line.
  const first =
    /^#![^\n]*python[^\n]*\n/.exec(head) ?? /^#!\/bin\/sh\n'''exec' [^\n]*python[^\n]*\n' '''\n/.exec(head);
  if (first === null) return script;
  return Buffer.concat([Buffer.from(`#!${interpreter}\n`), script.subarray(first[0].length)]);
}
