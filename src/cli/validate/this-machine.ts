import { ArcError, type Problem } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';
import { resolveStack } from '../../stack/resolve.ts';
import { portableAddresses } from '../../stack/settings.ts';
import type { Workspace } from '../../workspace/load.ts';
import { templatesOf } from '../../workspace/templates.ts';

/**
 * Choices of this machine that a boot would refuse: settings from the environment, and secrets that a config file's
 * format cannot express. Does not look up addresses.
 */
export function machineProblems(
  options: Pick<Workspace, 'manifests' | 'files'> & {
    environment: Readonly<Record<string, string | undefined>>;
    secrets: ReadonlyMap<string, Secret>;
  },
): readonly Problem[] {
  const { manifests, environment, secrets } = options;
  if (manifests.services.length === 0) return [];
  try {
    resolveStack({
      manifests,
      templates: templatesOf(options),
      selection: manifests.services.map(({ role }) => role),
      without: [],
      settings: { environment, flags: {} },
      secrets,
      lookedUp: portableAddresses(manifests),
    });
    return [];
  } catch (error) {
    if (error instanceof ArcError) return error.problems;
    throw error;
  }
}
