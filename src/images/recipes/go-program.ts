import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Contribution, pathIn, type StepContext } from './kind.ts';
import { runTool } from './run-tool.ts';
import { recipeTools } from './tools.ts';

/** Runs the `go` command in one folder, handing over each line that it writes. */
export type GoTool = (args: readonly string[], onLine: (line: string) => void) => Promise<void>;

/**
 * The `go` command for a module.
 *
 * @param options.folder of the module
 * @param options.builds `base`: static programs for Linux and the base's processor; `this-machine`: programs that run
 *   here and now
 */
export async function openGo(options: {
  folder: string;
  builds: 'base' | 'this-machine';
  context: StepContext;
}): Promise<GoTool> {
  const { folder, builds, context } = options;
  const temporary = join(context.work, 'tmp');
  await mkdir(temporary, { recursive: true });
  const platform = builds === 'base' ? { GOOS: 'linux', GOARCH: context.architecture } : {};
  const environment = {
    ...context.environment,
    ...platform,
    CGO_ENABLED: '0',
    GOWORK: 'off',
    GOTMPDIR: temporary,
  };
  return (args, onLine) =>
    runTool({
      tool: recipeTools.go,
      args,
      cwd: folder,
      environment,
      signal: context.signal,
      onLine,
      // The names of packages, which have no spaces in them, are what it did before it failed.
      tells: (line) => line.includes(' '),
    });
}

/**
 * Compiles and links one program as a static file of the base.
 *
 * @param options.program package path, or `.` for the module's own
 * @param options.target absolute path in the base
 * @param options.variables texts that the linker sets, by package and name
 * @param options.flags further flags of `go list` and `go build`
 */
export async function buildProgram(options: {
  go: GoTool;
  program: string;
  target: string;
  tags: readonly string[];
  variables?: Readonly<Record<string, string>>;
  flags?: readonly string[];
  context: StepContext;
}): Promise<readonly Contribution[]> {
  const { go, program, context, variables = {}, flags = [] } = options;
  const root = join(context.work, 'root');
  const binary = pathIn(root, options.target);
  await mkdir(dirname(binary), { recursive: true });
  const chosen = [...flags, ...(options.tags.length > 0 ? [`-tags=${options.tags.join(',')}`] : [])];
  context.update(`finding the packages of ${program}`);
  let total = 0;
  let own = '';
  await go(['list', '-deps', ...chosen, program], (line) => {
    if (line.startsWith('go: ')) return context.update(moduleLine(line));
    total += 1;
    // The program's own package comes last.
    own = line;
  });
  context.update(`compiling what of ${total} packages is not in Go's own cache, and linking`);
  let compiled = 0;
  const set = Object.entries(variables).map(([name, value]) => ` -X ${name}=${value}`);
  const build = [
    'build',
    '-v',
    '-trimpath',
    `-ldflags=-s -w${set.join('')}`,
    ...chosen,
    '-o',
    binary,
    program,
  ];
  await go(build, (line) => {
    if (line.startsWith('go: ')) return context.update(moduleLine(line));
    compiled += 1;
    // After it, nothing is written until the file is linked.
    const doing = line === own ? 'linking' : 'compiling';
    context.update(`${doing} ${line} (${compiled} of at most ${total} packages)`);
  });
  return [{ kind: 'folder', path: root }];
}

/** `go: downloading github.com/a/b v1.2.3` without its prefix. */
export function moduleLine(line: string): string {
  return line.replace(/^go: /, '');
}

/** Directives of a go.mod, a line each: `replace github.com/a/b => github.com/c/b v1.2.3`. */
export function replaceLines(replace: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(replace).map(([from, to]) => `replace ${from} => ${to.replace('@', ' ')}`);
}
