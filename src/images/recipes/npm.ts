import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failed } from '../../core/errors.ts';
import type { FixedFolderStep } from './fixed-step.ts';
import { type Architecture, pathIn, type RecipeKind, type StepContext } from './kind.ts';
import { leaveOut } from './leave-out.ts';
import { runTool } from './run-tool.ts';
import { takeSources } from './sources.ts';
import { recipeTools } from './tools.ts';

/** On the PATH of every base. */
const nodePath = '/usr/local/bin/node';

/**
 * Longest silence of npm, which says every file that it has fetched. It gives up on a connection by itself after
 * 5 minutes, twice tried again (its settings `fetch-timeout` and `fetch-retries`).
 */
const idleMilliseconds = 16 * 60_000;

/** What processors are called by npm and Node.js, of those that npm has Node.js for. */
const processors: Readonly<Record<Architecture, string>> = { amd64: 'x64', arm64: 'arm64' };

/** A Node.js program with its locked dependencies, and Node.js itself. */
export const npm: RecipeKind<FixedFolderStep<'npm'>> = {
  describe: (step) => `Node.js program ${step.folder} on Node.js ${step.node}`,
  contribute: async (step, context) => {
    const cpu = processors[context.architecture];
    if (cpu === undefined) {
      throw failed({
        code: 'recipe-step-failed',
        message: `npm has no Node.js for ${context.architecture}, only for ${Object.keys(processors).join(' and ')}.`,
      });
    }
    const root = join(context.work, 'root');
    const program = pathIn(root, step.target);
    await takeSources({ step, to: program });
    context.update('npm ci');
    await npmTool({ args: ['ci', '--omit=dev'], cwd: program, cpu, context });
    // What npm knows of its own work: of no use there, and it names the registry that was asked.
    await rm(join(program, 'node_modules', '.package-lock.json'), { force: true });
    await leaveOut({ patterns: step.leave_out ?? [], folder: program });
    await bringNode({ step, root, cpu, context });
    return [{ kind: 'folder', path: root }];
  },
};

/** Node.js as npm has it: a package for each system with nothing but the program, the same that nodejs.org has. */
async function bringNode(options: {
  step: FixedFolderStep<'npm'>;
  root: string;
  cpu: string;
  context: StepContext;
}): Promise<void> {
  const { step, root, cpu, context } = options;
  const folder = join(context.work, 'node');
  const name = `node-linux-${cpu}`;
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
  context.update(`npm install ${name}@${step.node}`);
  await npmTool({
    args: ['install', '--no-save', '--no-package-lock', `${name}@${step.node}`],
    cwd: folder,
    cpu,
    context,
  });
  const from = join(folder, 'node_modules', name);
  for (const [file, target] of [
    ['bin/node', nodePath],
    ['LICENSE', '/usr/local/share/doc/node/copyright'],
  ] as const) {
    const path = pathIn(root, target);
    await mkdir(dirname(path), { recursive: true });
    await rename(join(from, file), path);
  }
}

/** Runs npm for Linux whatever this machine is; what npm's cache has is not fetched again. */
async function npmTool(options: {
  args: readonly string[];
  cwd: string;
  cpu: string;
  context: StepContext;
}): Promise<void> {
  const { context } = options;
  await runTool({
    tool: recipeTools.npm,
    args: [
      ...options.args,
      '--ignore-scripts',
      '--os=linux',
      `--cpu=${options.cpu}`,
      '--libc=glibc',
      '--prefer-offline',
      '--install-strategy=hoisted',
      '--no-audit',
      '--no-fund',
      '--no-update-notifier',
      '--no-color',
      '--loglevel=http',
      '--logs-max=0',
    ],
    cwd: options.cwd,
    environment: context.environment,
    signal: context.signal,
    idleMilliseconds,
    onLine: (line) => {
      const file = /\/([^/\s]+\.tgz)\b/.exec(line)?.[1];
      if (file !== undefined) context.update(`npm ${options.args[0]}: ${file}`);
    },
    tells: tellingLines(),
  });
}

/** Of what npm writes, the lines that say why it failed; how npm is used, which it adds, is 80 lines. */
export function tellingLines(): (line: string) => boolean {
  let usage = false;
  return (line) => {
    usage ||= /^npm (?:error|ERR!) (?:Clean install a project|Usage:)/.test(line);
    return !usage && !/^npm http |^npm warn Unknown|^npm (?:error|ERR!)(?: Log files .*|\s*)$/.test(line);
  };
}
