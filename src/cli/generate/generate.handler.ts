import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exitStatus } from '../../core/errors.ts';
import { generateArtefacts } from '../../render/generate.ts';
import { workflowFolder } from '../../render/workflow.ts';
import { chooseSecrets, forRedaction } from '../../stack/secrets.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import { readSecretsFile } from '../../workspace/secrets-file.ts';
import { templatesOf } from '../../workspace/templates.ts';
import { applyWrites, isUpToDate, planWrites, type WritePlan } from '../../workspace/write.ts';
import type { Cli, Handler } from '../cli.ts';

type GenerateOptions = { services: readonly string[]; check?: boolean; force?: boolean };

/** Writes what follows from the manifests, or with `--check` says what would be written. */
export const generateFiles: Handler<GenerateOptions> = async (options, cli) => {
  const { root, manifests, files } = await loadWorkspace({ cwd: cli.cwd });
  // A diff shows lines of config files, of those that a person edited too.
  cli.protect(forRedaction({ manifests, secrets: chooseSecrets({ manifests, secrets: new Map() }) }));
  cli.protect(readSecretsFile({ root }).hidden);
  const everything = options.services.length === 0;
  const plan = await planWrites({
    root,
    artefacts: generateArtefacts({
      manifests,
      templates: templatesOf({ manifests, files }),
      services: options.services,
      bringsArc: existsSync(join(root, 'bin', 'arc')),
    }),
    // A service that is gone leaves its files behind; they can only be told when all of them are known.
    staleIn: everything ? ['services', workflowFolder] : [],
    known: files,
  });
  if (options.check === true) return check({ cli, plan });

  const written = await applyWrites({ root, plan, force: options.force === true });
  for (const path of plan.stale) {
    cli.emit({
      type: 'warning',
      problem: {
        code: 'stale-file',
        message: `${path} was generated once, and nothing asks for it any more.`,
        suggestion: `git rm ${path}`,
      },
    });
  }
  cli.result({
    data: { written, unchanged: plan.files.length - written.length, stale: plan.stale },
    text: () =>
      written.length === 0
        ? `All ${plan.files.length} files are up to date.`
        : `${written.map((path) => `wrote ${path}`).join('\n')}\n${plan.files.length - written.length} unchanged.`,
  });
  return exitStatus.done;
};

function check(options: { cli: Cli; plan: WritePlan }): 0 | 3 {
  const { cli, plan } = options;
  const differing = plan.files.filter(({ state }) => state !== 'unchanged');
  cli.result({
    data: {
      upToDate: isUpToDate(plan),
      files: differing.map(({ path, state, diff }) => ({ path, state, diff })),
      stale: plan.stale,
    },
    isForPrograms: true,
    text: () =>
      isUpToDate(plan)
        ? `All ${plan.files.length} generated files are up to date.`
        : [
            ...differing.map(({ path, state, diff }) => `${path}: ${stateText[state]}\n${diff}`),
            ...plan.stale.map((path) => `${path}: generated once, and not any more`),
            'Run `arc generate` to write them.',
          ].join('\n'),
  });
  return isUpToDate(plan) ? exitStatus.done : exitStatus.drift;
}

const stateText = {
  unchanged: 'up to date',
  created: 'missing',
  changed: 'out of date',
  'edited-by-hand': 'edited by hand',
} as const;
