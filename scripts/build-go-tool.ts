// Builds what tests and benchmarks need from Go modules, once for each version, and prints its path:
//   node scripts/build-go-tool.ts docker-compose    the program
//   node scripts/build-go-tool.ts docker-engine     the folder with dockerd and what it starts
// Nothing of a tool is committed: the module proxy has its source, the user's cache directory keeps the binary.
import { existsSync } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withBuildLock } from '../src/images/build-lock.ts';
import { runGo, seldom } from './go-progress.ts';
import { dockerEngine, type GoProgram, type GoToolName, goTools } from './go-tools.ts';

/** Longer than any build measured on two cores (dockerd: about 7 minutes under load), in milliseconds. */
const buildDeadline = 20 * 60_000;

type Environment = Readonly<Record<string, string | undefined>>;
type Progress = (line: string) => void;

/**
 * Builds a tool where it is not in `$XDG_CACHE_HOME/arc/tools` (`~/.cache/arc/tools`) yet.
 *
 * @param options.progress told what is done at the moment
 * @returns the path of its program
 * @throws the Go command's own error, with its output
 */
export async function buildGoTool(options: {
  name: GoToolName;
  environment: Environment;
  progress: Progress;
}): Promise<string> {
  const { name, environment, progress } = options;
  const tool: GoProgram = goTools[name];
  const { folder, program } = placeOf(name, environment);
  await buildInto({ folder, title: `${name} ${tool.version}`, programs: { [name]: tool }, progress });
  return program;
}

/**
 * The path of a tool that was built before; nothing is built here.
 *
 * @throws Error that says how to build it
 */
export function goToolPath(options: { name: GoToolName; environment: Environment }): string {
  const { program } = placeOf(options.name, options.environment);
  if (existsSync(program)) return program;
  throw new Error(`${program} is not there; \`node scripts/prepare.ts test\` builds it.`);
}

function placeOf(name: GoToolName, environment: Environment): { folder: string; program: string } {
  const folder = join(toolsFolder(environment), `${name}-${goTools[name].version}`);
  return { folder, program: join(folder, name) };
}

/**
 * The folder with dockerd and every program that it starts; built first where one of them is missing.
 *
 * @throws as `buildGoTool`; runc needs a C compiler, pkg-config and libseccomp's headers
 */
export async function buildDockerEngine(options: {
  environment: Environment;
  progress: Progress;
}): Promise<string> {
  const { version, programs } = dockerEngine;
  const folder = join(toolsFolder(options.environment), `docker-engine-${version}`);
  await buildInto({ folder, title: `docker-engine ${version}`, programs, progress: options.progress });
  return folder;
}

function toolsFolder(environment: Environment): string {
  const cache = environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), '.cache');
  return join(cache, 'arc', 'tools');
}

async function buildInto(options: {
  folder: string;
  title: string;
  programs: Readonly<Record<string, GoProgram>>;
  progress: Progress;
}): Promise<void> {
  const { folder, title, programs, progress } = options;
  const missing = async () => {
    const names = Object.keys(programs);
    const present = await Promise.all(names.map((name) => exists(join(folder, name))));
    return Object.entries(programs).filter((_entry, index) => !present[index]);
  };
  if ((await missing()).length === 0) return;

  // Tests that run at the same time want the same tool: one builds it, the others wait.
  await withBuildLock({
    file: `${folder}.lock`,
    signal: AbortSignal.timeout(buildDeadline),
    onWait: seldom((holder) => progress(`waiting for ${holder}, which builds ${title}`)),
    work: async () => {
      const left = await missing();
      if (left.length === 0) return;
      progress(`building ${title} from Go modules; minutes the first time`);
      await mkdir(folder, { recursive: true });
      for (const [name, program] of left)
        await build({ name, program, folder, binary: join(folder, name), progress });
    },
  });
}

async function build(options: {
  name: string;
  program: GoProgram;
  folder: string;
  binary: string;
  progress: Progress;
}): Promise<void> {
  const { name, program, folder, binary, progress } = options;
  // In the program's own module, where its replace and exclude directives and its go.sum hold: `go install pkg@version`
  // refuses modules with such directives, and a module of our own would have to repeat them.
  const environment = { CGO_ENABLED: program.cgo ? '1' : '0', GOFLAGS: '-mod=readonly', GOWORK: 'off' };
  const go = (directory: string, words: readonly string[], doing: string): Promise<string> =>
    runGo({
      directory,
      words,
      environment,
      timeout: buildDeadline,
      onLine: (line) => progress(`${name}: ${doing} ${line}`),
    });
  const download = ['mod', 'download', '-x', '-json', `${program.module}@${program.version}`];
  const { Dir: sources }: { Dir: string } = JSON.parse(await go(folder, download, 'downloading'));
  // Beside its final place, so that a build that is cut short leaves nothing that looks like a tool.
  const partial = `${binary}.${process.pid}`;
  const linker = `-s -w ${program.ldflags ?? ''}`.trim();
  const tags = program.tags === undefined ? [] : ['-tags', program.tags];
  const words = ['build', '-v', '-trimpath', ...tags, '-ldflags', linker, '-o', partial, program.package];
  await go(sources, words, 'building');
  await rename(partial, binary);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function isGoToolName(name: string | undefined): name is GoToolName {
  return name !== undefined && name in goTools;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const name = process.argv[2];
  const options = { environment: process.env, progress: (line: string) => console.error(line) };
  if (name === 'docker-engine') console.log(await buildDockerEngine(options));
  else if (isGoToolName(name)) console.log(await buildGoTool({ name, ...options }));
  else {
    console.error(`usage: node scripts/build-go-tool.ts ${Object.keys(goTools).join('|')}|docker-engine`);
    process.exitCode = 2;
  }
}
