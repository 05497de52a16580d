import { exitStatus } from '../../errors.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import type { Handler } from '../cli.ts';

/** Checks manifests and config files, and shows every error at once. */
export const validateWorkspace: Handler<object> = async (_, cli) => {
  const { manifests, warnings } = await loadWorkspace({ cwd: cli.cwd });
  for (const problem of warnings) cli.emit({ type: 'warning', problem });
  cli.result({
    data: { valid: true, services: manifests.services.length, warnings },
    text: () => `${manifests.services.length} services are valid.`,
  });
  return exitStatus.done;
};
