import { findCacheDirectory, usualCacheDirectory } from '../../host/home.ts';
import { type Check, type Finding, missing, ok, skipped, warning } from '../check.ts';
import type { Situation } from '../situation.ts';

/** The folders that arc writes to, and the manifests in one of them. */
export const workspaceCheck: Check = {
  id: 'workspace',
  examine: async (situation) => [...workspaceFolder(situation), ...cacheFolder(situation)],
};

function workspaceFolder({ workspace, machine }: Situation): readonly Finding[] {
  if (workspace === undefined) return skipped('workspace: none here; `arc init` creates one');
  if (workspace instanceof Error) {
    const [problem, ...more] = workspace.problems;
    return missing({
      ...problem,
      suggestion:
        more.length === 0 ? (problem.suggestion ?? 'arc validate') : 'arc validate shows all problems',
    });
  }
  const obstacle = machine.writeObstacle(workspace.root);
  if (obstacle) {
    return missing({
      code: 'read-only-folder',
      message:
        obstacle === 'read-only'
          ? `The workspace ${workspace.root} is on a read-only file system.`
          : `You may not write to the workspace ${workspace.root}.`,
      suggestion: 'copy it to a folder that you may write to: arc writes generated files and a lock there',
    });
  }
  return ok(`workspace ${workspace.root}, project ${workspace.stack.project}`);
}

function cacheFolder({ environment, machine }: Situation): readonly Finding[] {
  const folder = usualCacheDirectory(environment);
  if (!machine.writeObstacle(folder)) return [];
  return warning({
    code: 'read-only-folder',
    message: `You may not write to ${folder}, where arc keeps the bases that it builds.`,
    ...(environment.XDG_CACHE_HOME
      ? {}
      : {
          detail: [
            `it uses ${findCacheDirectory(environment)} instead, which may be emptied at every start of the machine`,
          ],
        }),
    suggestion: 'set XDG_CACHE_HOME to a folder that you may write to',
  });
}
