import { ArcError, type Problem } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';
import { resolveStack } from '../../stack/resolve.ts';
import { portableAddresses } from '../../stack/settings.ts';
import type { Workspace } from '../../workspace/load.ts';
import { templatesOf } from '../../workspace/templates.ts';

/**
 * What a boot would refuse of this machine's choices: settings from the environment, and secrets that the reader of a
 * config file has no way to be told. Addresses are not looked up.
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
