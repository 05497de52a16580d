import { type Change, compareContracts } from '../../contracts/compare.ts';
import type { Contracts } from '../../contracts/model.ts';
import { ArcError, exitStatus, invalid } from '../../core/errors.ts';
import { committedFiles, resolveCommit } from '../../git/committed.ts';
import { parseContracts } from '../../manifest/contracts/parse.ts';
import type { Manifests } from '../../manifest/model.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import type { Context } from '../context.ts';

/**
 * Compares the contracts of the workspace with those of a commit.
 *
 * @param options.against branch, tag or commit
 * @throws ArcError `unknown-commit`; the problems of the older contracts, if this arc does not understand them
 */
export async function checkAgainst(options: {
  context: Pick<Context, 'cwd' | 'signal'>;
  against: string;
}): Promise<{ commit: string; changes: readonly Change[]; after: Contracts }> {
  const { context, against } = options;
  const { root, manifests } = await loadWorkspace({ cwd: context.cwd });
  const git = { root, signal: context.signal };
  const found = await resolveCommit({ ...git, reference: against });
  if (found === undefined) {
    throw invalid({
      code: 'unknown-commit',
      message: `This clone has no commit ${against}.`,
      suggestion: 'name a branch, a tag or a commit; `git fetch` brings those of the remote',
    });
  }
  const files = await committedFiles({
    ...git,
    commit: found.commit,
    wanted: (path) => /^contracts\/[^/]+\.yaml$/.test(path),
  });
  const { contracts, problems } = parseContracts({ files, roles: rolesOf(manifests) });
  const [first, ...rest] = problems.map((problem) => ({
    ...problem,
    message: `At ${against}: ${problem.message}`,
  }));
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.invalid });
  const after = manifests.contracts;
  return { commit: found.commit, changes: compareContracts({ before: contracts, after }), after };
}

function rolesOf(manifests: Manifests): ReadonlySet<string> {
  return new Set(
    manifests.services.flatMap((service) =>
      [service, ...service.sidecars, ...service.jobs].map(({ role }) => role),
    ),
  );
}
