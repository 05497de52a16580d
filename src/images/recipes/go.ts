import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GoStep } from '../../manifest/model-recipe.ts';
import { buildProgram, moduleLine, openGo, replaceLines } from './go-program.ts';
import type { RecipeKind } from './kind.ts';

/** A program from a published Go module, as one static file. */
export const go: RecipeKind<GoStep> = {
  describe: (step) => `Go program ${step.package}@${step.version}`,
  contribute: async (step, context) => {
    const folder = join(context.work, 'module');
    await mkdir(folder);
    await writeFile(join(folder, 'go.mod'), wrapperModule(step));
    const tool = await openGo({ folder, builds: 'base', context });
    context.update(`go get ${step.package}@${step.version}`);
    await tool(['get', `${step.package}@${step.version}`], (line) => context.update(moduleLine(line)));
    return await buildProgram({
      go: tool,
      program: step.package,
      target: step.target,
      tags: step.tags,
      context,
    });
  },
};

/**
 * The module that the program is built from. `go install package@version` refuses a module with replace directives,
 * and ignores nothing; as a dependency its directives are ignored, and those of the recipe count instead.
 */
export function wrapperModule(step: Pick<GoStep, 'replace'>): string {
  return ['module arc.local/base', '', 'go 1.21', '', ...replaceLines(step.replace), ''].join('\n');
}
