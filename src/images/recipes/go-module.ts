import { join } from 'node:path';
import type { FixedFolderStep } from './fixed-step.ts';
import { buildProgram, openGo } from './go-program.ts';
import type { RecipeKind } from './kind.ts';
import { takeSources } from './sources.ts';

/** A program of a Go module in the workspace, as one static file; go.sum pins its dependencies. */
export const goModule: RecipeKind<FixedFolderStep<'go-module'>> = {
  describe: (step) =>
    `Go program ${step.package === '.' ? '' : `${step.package} `}of the module ${step.folder}`,
  contribute: async (step, context) => {
    const folder = join(context.work, 'module');
    await takeSources({ step, to: folder });
    return await buildProgram({
      go: await openGo({ folder, builds: 'base', context }),
      program: step.package,
      target: step.target,
      tags: step.tags,
      variables: step.variables,
      // go.mod and go.sum must not change, whatever GOFLAGS says.
      flags: ['-mod=readonly'],
      context,
    });
  },
};
