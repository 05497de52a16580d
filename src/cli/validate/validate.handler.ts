import { configProblems } from '../../app/config-problems.ts';
import { exitStatus } from '../../core/errors.ts';
import { judgeLock } from '../../images/lock/judge.ts';
import { openLock } from '../../images/lock/read.ts';
import { closedFrontDoors } from '../../stack/front-doors.ts';
import { throwIfAny } from '../../stack/problems.ts';
import { indexWorkspace } from '../../stack/workspace-index.ts';
import { loadWorkspace, placedManifests } from '../../workspace/load.ts';
import { readSecrets } from '../../workspace/secrets.ts';
import type { Handler } from '../cli.ts';
import { machineProblems } from './this-machine.ts';

/**
 * Checks manifests, templates, config files, the lock of base images, and this machine's settings and secrets, those
 * that a person edited included, and shows every error at once.
 */
export const validateWorkspace: Handler<object> = async (_, cli) => {
  const workspace = await loadWorkspace({ cwd: cli.cwd });
  const { root, manifests, files } = workspace;
  const here = indexWorkspace(placedManifests(workspace).manifests);
  const closed = closedFrontDoors({ entries: here.entries.values() }).map(({ problem }) => problem);
  const locked = openLock({ root });
  const misfits = locked.problems.length > 0 ? [] : judgeLock({ lock: locked.lock, manifests });
  const secrets = readSecrets({ root, manifests, environment: cli.environment });
  const warnings = [...workspace.warnings, ...closed, ...misfits, ...secrets.warnings];
  for (const problem of warnings) cli.emit({ type: 'warning', problem });
  const problems = configProblems({ manifests, files });
  const refused =
    secrets.problems.length > 0
      ? secrets.problems
      : machineProblems({ manifests, files, environment: cli.environment, secrets: secrets.secrets });
  throwIfAny([...problems, ...locked.problems, ...refused]);
  const count = manifests.services.length;
  cli.result({
    data: { valid: true, services: count, warnings },
    text: () => `${count} ${count === 1 ? 'service is' : 'services are'} valid.`,
  });
  return exitStatus.done;
};
