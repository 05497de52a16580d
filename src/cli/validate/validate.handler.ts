import { configProblems } from '../../app/config-problems.ts';
import { exitStatus } from '../../core/errors.ts';
import { judgeLock } from '../../images/lock/judge.ts';
import { openLock } from '../../images/lock/read.ts';
import { throwIfAny } from '../../stack/problems.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import { readSecrets } from '../../workspace/secrets.ts';
import type { Handler } from '../cli.ts';
import { machineProblems } from './this-machine.ts';

/**
 * Checks manifests, templates, config files, the lock of base images, and this machine's settings and secrets, those
 * that a person edited included, and shows every error at once.
 */
export const validateWorkspace: Handler<object> = async (_, cli) => {
  const { root, manifests, files, ...loaded } = await loadWorkspace({ cwd: cli.cwd });
  const locked = openLock({ root });
  const misfits = locked.problems.length > 0 ? [] : judgeLock({ lock: locked.lock, manifests });
  const secrets = readSecrets({ root, manifests, environment: cli.environment });
  const warnings = [...loaded.warnings, ...misfits, ...secrets.warnings];
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
