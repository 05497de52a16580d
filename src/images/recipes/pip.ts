import { failed } from '../../core/errors.ts';
import type { Architecture, StepContext } from './kind.ts';
import { runTool } from './run-tool.ts';
import { recipeTools } from './tools.ts';

/** Longest silence of pip: it says when it begins with a file, and a wheel may have 100 megabytes. */
const idleMilliseconds = 15 * 60_000;

/** Debian 12's. */
export const usualPython = '3.11';

/** Minor version of Debian 12's glibc, 2.36. */
const newestGlibc = 36;

/** Names of a processor in program names (`cpu`) and in wheels (`machine`). */
export type Processor = { cpu: string; machine: string };

const processors: Readonly<Record<Architecture, Processor>> = {
  amd64: { cpu: 'x64', machine: 'x86_64' },
  arm64: { cpu: 'arm64', machine: 'aarch64' },
};

/**
 * The processor's names.
 *
 * @throws ArcError `recipe-step-failed` where PyPI has next to nothing for it
 */
export function processorOf(architecture: Architecture, kind: string): Processor {
  const processor = processors[architecture];
  if (processor !== undefined) return processor;
  throw failed({
    code: 'recipe-step-failed',
    message: `Recipes of the kind ${kind} are for ${Object.keys(processors).join(' and ')}, not for ${architecture}.`,
  });
}

/**
 * Runs pip for a Linux with Debian 12's glibc, whatever this machine is. It accepts only wheels with one of the
 * required hashes, so it runs no code from packages.
 *
 * @param options.command `download` or `install`
 */
export async function runPip(options: {
  command: 'download' | 'install';
  args: readonly string[];
  python: string;
  processor: Processor;
  context: StepContext;
}): Promise<void> {
  const { command, args, python, processor, context } = options;
  await runTool({
    tool: recipeTools.pypi,
    args: [
      command,
      '--only-binary=:all:',
      '--require-hashes',
      '--implementation=cp',
      `--python-version=${python}`,
      ...systemsOf(processor.machine).map((system) => `--platform=${system}`),
      '--disable-pip-version-check',
      '--no-input',
      '--progress-bar=off',
      ...args,
    ],
    cwd: context.work,
    environment: context.environment,
    signal: context.signal,
    idleMilliseconds,
    onLine: (line) => {
      if (/^\s*(?:Collecting|Downloading|Using cached|Installing collected) /.test(line))
        context.update(`pip: ${shortened(line.trim())}`);
    },
  });
}

/** Names of the systems whose wheels run on Debian 12, newest first (PEP 600, and the older names of two of them). */
export function systemsOf(machine: string): readonly string[] {
  const names: string[] = [];
  for (let minor = newestGlibc; minor >= 5; minor -= 1) {
    names.push(`manylinux_2_${minor}_${machine}`);
    if (minor === 17) names.push(`manylinux2014_${machine}`);
    if (minor === 12) names.push(`manylinux2010_${machine}`);
    if (minor === 5) names.push(`manylinux1_${machine}`);
  }
  return [...names, `linux_${machine}`];
}

/** A list of all that is installed is longer than a line. */
function shortened(line: string): string {
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
