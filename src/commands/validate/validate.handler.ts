import { ArcError, exitStatus } from '../../errors.ts';
import { checkConfigFiles } from '../../manifest/check-config.ts';
import { drawBlueprint } from '../../render/blueprint.ts';
import { type ConfigText, configTexts } from '../../render/config.ts';
import { loadWorkspace, templatesOf, type Workspace } from '../../workspace/load.ts';
import type { Handler } from '../cli.ts';
import { configsToCheck } from './configs.ts';

/** Checks manifests, templates and config files, those that a person edited included, and shows every error at once. */
export const validateWorkspace: Handler<object> = async (_, cli) => {
  const { manifests, warnings, files } = await loadWorkspace({ cwd: cli.cwd });
  for (const problem of warnings) cli.emit({ type: 'warning', problem });
  const { problems } = checkConfigFiles({
    manifests,
    files: configsToCheck({ manifests, rendered: rendered({ manifests, files }), files }),
  });
  const [first, ...rest] = problems;
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.invalid });
  const count = manifests.services.length;
  cli.result({
    data: { valid: true, services: count, warnings },
    text: () => `${count} ${count === 1 ? 'service is' : 'services are'} valid.`,
  });
  return exitStatus.done;
};

/** A workspace to which no service has been added yet is valid, and has nothing to render. */
function rendered({ manifests, files }: Pick<Workspace, 'manifests' | 'files'>): readonly ConfigText[] {
  if (manifests.services.length === 0) return [];
  const { stack } = drawBlueprint({ manifests, templates: templatesOf(files), services: [] });
  return configTexts(stack.containers);
}
