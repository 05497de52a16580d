import { configProblems } from '../../app/config-problems.ts';
import type { Problem } from '../../core/errors.ts';
import { judgeLock } from '../../images/lock/judge.ts';
import { openLock } from '../../images/lock/read.ts';
import type { Manifests } from '../../manifest/model.ts';
import { checkExpressions } from '../../manifest/promql/check.ts';
import { closedFrontDoors } from '../../stack/front-doors.ts';
import { indexWorkspace } from '../../stack/workspace-index.ts';
import type { Verdict } from '../../workspace/kept-verdict.ts';
import { parseWorkspace, placedManifests, type Workspace } from '../../workspace/load.ts';
import { readSecrets } from '../../workspace/secrets.ts';
import { machineProblems } from './this-machine.ts';

export type Judged = Verdict & {
  problems: readonly Problem[];
  /** Every variable that the verdict may follow from: those that the manifests name. */
  variables: Readonly<Record<string, string | undefined>>;
  /** Whether one of the variables is a secret. */
  hasSecret: boolean;
};

/**
 * Checks manifests, templates, config files, the lock of base images, and this machine's settings and secrets, those
 * that a person edited included.
 *
 * @throws ArcError with every problem of the manifests at once, where those cannot be read
 */
export async function judge(
  options: Pick<Workspace, 'root' | 'files'> & {
    environment: Readonly<Record<string, string | undefined>>;
  },
): Promise<Judged> {
  const { root, files } = options;
  const workspace = await parseWorkspace(options);
  const { manifests } = workspace;
  const variables = variablesOf({ manifests, environment: options.environment });
  const here = indexWorkspace(placedManifests(workspace).manifests);
  const closed = closedFrontDoors({ entries: here.entries.values() }).map(({ problem }) => problem);
  const locked = await openLock({ root });
  const misfits = locked.problems.length > 0 ? [] : judgeLock({ lock: locked.lock, manifests });
  const secrets = readSecrets({ root, manifests, environment: variables });
  const problems = [...configProblems({ manifests, files }), ...checkExpressions(manifests)];
  const refused =
    secrets.problems.length > 0
      ? secrets.problems
      : machineProblems({ manifests, files, environment: variables, secrets: secrets.secrets });
  return {
    services: manifests.services.length,
    warnings: [...workspace.warnings, ...closed, ...misfits, ...secrets.warnings],
    problems: [...problems, ...locked.problems, ...refused],
    variables,
    hasSecret: [...secrets.sources.values()].includes('environment'),
  };
}

/** The variables that settings and secrets may come from, and nothing else of the environment. */
function variablesOf(options: {
  manifests: Manifests;
  environment: Readonly<Record<string, string | undefined>>;
}): Readonly<Record<string, string | undefined>> {
  const { manifests, environment } = options;
  const names = manifests.services.flatMap(({ settings, secrets }) =>
    [...Object.values(settings), ...Object.values(secrets)].flatMap(({ env }) => env ?? []),
  );
  return Object.fromEntries(names.map((name) => [name, environment[name]]));
}
