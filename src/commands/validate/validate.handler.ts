import { ArcError, exitStatus } from '../../errors.ts';
import { judgeLock } from '../../images/lock/judge.ts';
import { openLock } from '../../images/lock/read.ts';
import { checkConfigFiles } from '../../manifest/check-config.ts';
import { drawBlueprint } from '../../render/blueprint.ts';
import { type ConfigText, configTexts } from '../../render/config.ts';
import { loadWorkspace, templatesOf, type Workspace } from '../../workspace/load.ts';
import type { Handler } from '../cli.ts';
import { configsToCheck } from './configs.ts';

/**
 * Checks manifests, templates, config files and the lock of base images, those that a person edited included, and
 * shows every error at once.
 */
export const validateWorkspace: Handler<object> = async (_, cli) => {
  const { root, manifests, files, ...loaded } = await loadWorkspace({ cwd: cli.cwd });
  const locked = openLock({ root });
  const misfits = locked.problems.length > 0 ? [] : judgeLock({ lock: locked.lock, manifests });
  const warnings = [...loaded.warnings, ...misfits];
  for (const problem of warnings) cli.emit({ type: 'warning', problem });
  const { problems } = checkConfigFiles({
    manifests,
    files: configsToCheck({ manifests, rendered: rendered({ manifests, files }), files }),
  });
  const [first, ...rest] = [...problems, ...locked.problems];
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
