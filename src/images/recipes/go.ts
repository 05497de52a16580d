import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RecipeStep } from '../../manifest/model.ts';
import { pathIn, type RecipeKind, type StepContext } from './kind.ts';
import { runTool } from './run-tool.ts';
import { recipeTools } from './tools.ts';

type GoStep = Extract<RecipeStep, { kind: 'go' }>;

/** A program from a Go module, as one static file. */
export const go: RecipeKind<GoStep> = {
  describe: (step) => `Go program ${step.package}@${step.version}`,
  contribute: async (step, context) => {
    const module = join(context.work, 'module');
    const root = join(context.work, 'root');
    const temporary = join(context.work, 'tmp');
    const binary = pathIn(root, step.target);
    await Promise.all([module, temporary, dirname(binary)].map((path) => mkdir(path, { recursive: true })));
    await writeFile(join(module, 'go.mod'), wrapperModule(step));
    const tool = goTool({ module, temporary, context });

    context.update(`go get ${step.package}@${step.version}`);
    await tool(['get', `${step.package}@${step.version}`], (line) => context.update(moduleLine(line)));

    const tags = step.tags.length > 0 ? [`-tags=${step.tags.join(',')}`] : [];
    context.update(`finding the packages of ${step.package}`);
    let total = 0;
    await tool(['list', '-deps', ...tags, step.package], () => {
      total += 1;
    });
    context.update(`compiling what of ${total} packages is not in Go's own cache, and linking`);
    let compiled = 0;
    const build = ['build', '-v', '-trimpath', '-ldflags=-s -w', ...tags, '-o', binary, step.package];
    await tool(build, (line) => {
      if (line.startsWith('go: ')) return context.update(moduleLine(line));
      compiled += 1;
      // The program's own package comes last; after it, nothing is written until the file is linked.
      const doing = line === step.package ? 'linking' : 'compiling';
      context.update(`${doing} ${line} (${compiled} of at most ${total} packages)`);
    });
    return [{ kind: 'folder', path: root }];
  },
};

/**
 * The module that the program is built from. `go install package@version` refuses a module with replace directives,
 * and ignores nothing; as a dependency its directives are ignored, and those of the recipe count instead.
 */
export function wrapperModule(step: Pick<GoStep, 'replace'>): string {
  const replaced = Object.entries(step.replace).map(
    ([from, to]) => `replace ${from} => ${to.replace('@', ' ')}`,
  );
  return ['module arc.local/base', '', 'go 1.21', '', ...replaced, ''].join('\n');
}

function goTool(options: { module: string; temporary: string; context: StepContext }) {
  const { context } = options;
  const environment = {
    ...context.environment,
    CGO_ENABLED: '0',
    GOOS: 'linux',
    GOARCH: context.architecture,
    GOWORK: 'off',
    GOTMPDIR: options.temporary,
  };
  return (args: readonly string[], onLine: (line: string) => void) =>
    runTool({
      tool: recipeTools.go,
      args,
      cwd: options.module,
      environment,
      signal: context.signal,
      onLine,
    });
}

/** `go: downloading github.com/a/b v1.2.3` without its prefix. */
function moduleLine(line: string): string {
  return line.replace(/^go: /, '');
}
