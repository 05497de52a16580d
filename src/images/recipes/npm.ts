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
 * Longest silence of npm, which reports every file that it fetches. npm gives up on a connection after 5 minutes and
 * retries twice (its settings `fetch-timeout` and `fetch-retries`).
 */
const idleMilliseconds = 16 * 60_000;

/** npm's and Node.js's names of processors that have a Node.js in npm. */
const processors: Readonly<Record<Architecture, string>> = { amd64: 'x64', arm64: 'arm64' };

/** A Node.js program with its locked dependencies, and Node.js itself unless another step brings it. */
export const npm: RecipeKind<FixedFolderStep<'npm'>> = {
  describe: (step) =>
    step.node === undefined
      ? `Node.js library ${step.folder}`
      : `Node.js program ${step.folder} on Node.js ${step.node}`,
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
    // npm's notes about its own work: useless in the base, and they name the registry.
    await rm(join(program, 'node_modules', '.package-lock.json'), { force: true });
    await leaveOut({ patterns: step.leave_out ?? [], folder: program });
    if (step.node !== undefined) await bringNode({ node: step.node, root, cpu, context });
    return [{ kind: 'folder', path: root }];
  },
};

/** Node.js as npm has it: a package for each system with nothing but the program, the same that nodejs.org has. */
async function bringNode(options: {
  node: string;
  root: string;
  cpu: string;
  context: StepContext;
}): Promise<void> {
  const { node, root, cpu, context } = options;
  const folder = join(context.work, 'node');
  const name = `node-linux-${cpu}`;
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
  context.update(`npm install ${name}@${node}`);
  // npm refuses what is for another processor than this machine's, although it is told which one is meant.
  const forced = cpu === process.arch ? [] : ['--force'];
  await npmTool({
    args: ['install', '--no-save', '--no-package-lock', ...forced, `${name}@${node}`],
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

/** Runs npm for Linux, whatever this machine is; uses npm's cache. */
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

/** The lines of npm's output that explain a failure; npm adds 80 lines about its usage. */
export function tellingLines(): (line: string) => boolean {
  let usage = false;
  return (line) => {
    usage ||= /^npm (?:error|ERR!) (?:Clean install a project|Usage:)/.test(line);
    return !usage && !/^npm http |^npm warn Unknown|^npm (?:error|ERR!)(?: Log files .*|\s*)$/.test(line);
  };
}
