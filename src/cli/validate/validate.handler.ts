import { exitStatus } from '../../core/errors.ts';
import { usualCacheDirectory } from '../../host/home.ts';
import { lockFile } from '../../images/lock/model.ts';
import { throwIfAny } from '../../stack/problems.ts';
import { programFile } from '../../workspace/kept-copy.ts';
import { keptVerdict, type Verdict } from '../../workspace/kept-verdict.ts';
import { portsFile } from '../../workspace/port-offset.ts';
import { findWorkspace, readWorkspace } from '../../workspace/read.ts';
import { secretsFile } from '../../workspace/secrets-file.ts';
import type { Cli, Handler } from '../cli.ts';

/**
 * Checks everything that a workspace and this machine's choices say, and shows every error at once; see judge.ts. A
 * workspace that was valid and has not changed since is not judged again.
 */
export const validateWorkspace: Handler<object> = async (_, cli) => {
  const root = await findWorkspace({ cwd: cli.cwd });
  const files = await readWorkspace({ root });
  const kept =
    programFile === undefined
      ? undefined
      : keptVerdict({
          ...{ root, files, program: programFile, cache: usualCacheDirectory(process.env) },
          beside: [lockFile, secretsFile, portsFile],
        });
  const known = kept?.read(cli.environment);
  if (known !== undefined) return answer({ cli, verdict: known });

  // Most of the program is needed only for this.
  const { judge } = await import('./judge.ts');
  const judged = await judge({ root, files, environment: cli.environment });
  const { services, warnings, problems, variables, hasSecret } = judged;
  if (problems.length === 0 && !hasSecret) kept?.keep({ services, warnings }, variables);
  return answer({ cli, verdict: judged, problems });
};

function answer(options: { cli: Cli; verdict: Verdict; problems?: Parameters<typeof throwIfAny>[0] }) {
  const { cli, verdict, problems = [] } = options;
  const { services: count, warnings } = verdict;
  for (const problem of warnings) cli.emit({ type: 'warning', problem });
  throwIfAny(problems);
  cli.result({
    data: { valid: true, services: count, warnings },
    text: () => `${count} ${count === 1 ? 'service is' : 'services are'} valid.`,
  });
  return exitStatus.done;
}
