import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CollectorStep } from '../../manifest/model-recipe.ts';
import { buildProgram, moduleLine, openGo } from './go-program.ts';
import type { RecipeKind } from './kind.ts';

const builder = 'go.opentelemetry.io/collector/cmd/builder';

const componentKinds = [
  'receivers',
  'exporters',
  'processors',
  'extensions',
  'connectors',
  'providers',
] as const;

/** An OpenTelemetry Collector of chosen components, as one static file. */
export const collector: RecipeKind<CollectorStep> = {
  describe: (step) => {
    const components = componentKinds.reduce((count, kind) => count + step[kind].length, 0);
    return `OpenTelemetry Collector ${step.version} of ${components} components`;
  },
  contribute: async (step, context) => {
    const folder = join(context.work, 'collector');
    const config = join(context.work, 'builder.yaml');
    await mkdir(folder);
    await writeFile(config, JSON.stringify(builderConfig({ step, folder }), undefined, 2));
    const here = await openGo({ folder: context.work, builds: 'this-machine', context });
    context.update(`go run ${builder}@${step.version}`);
    // The builder writes the program and resolves the versions of all components, or reports a conflict.
    await here(['run', `${builder}@${step.version}`, '--skip-compilation', `--config=${config}`], (line) =>
      context.update(builderLine(line)),
    );
    return await buildProgram({
      go: await openGo({ folder, builds: 'base', context }),
      program: '.',
      target: step.target,
      tags: [],
      flags: ['-mod=readonly'],
      context,
    });
  },
};

/** The builder's own configuration format. */
export function builderConfig(options: { step: CollectorStep; folder: string }): unknown {
  const { step, folder } = options;
  return {
    dist: {
      module: 'arc.local/collector',
      name: 'otelcol',
      description: 'OpenTelemetry Collector made by arc',
      version: step.version.replace(/^v/, ''),
      output_path: folder,
    },
    ...Object.fromEntries(
      componentKinds.flatMap((kind) =>
        // Without providers, the builder brings its own.
        step[kind].length === 0
          ? []
          : [[kind, step[kind].map((module) => ({ gomod: module.replace('@', ' ') }))]],
      ),
    ),
    replaces: Object.entries(step.replace).map(([from, to]) => `${from} => ${to.replace('@', ' ')}`),
  };
}

/** The builder's messages, without time, level and position. */
function builderLine(line: string): string {
  return moduleLine(line.split('\t').find((part) => / /.test(part)) ?? line);
}
