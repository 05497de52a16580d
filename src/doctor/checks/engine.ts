import type { Problem } from '../../core/errors.ts';
import { type Check, missing, ok } from '../check.ts';
import { enginePackages, engineRepair, isSystemEngine } from '../engine-install/repair.ts';
import type { Situation } from '../situation.ts';

export const engineCheck: Check = {
  id: 'engine',
  examine: async (situation) => {
    const { engine } = situation;
    if (!(engine instanceof Error)) {
      const labels = engine.selinux
        ? '; it uses SELinux, so arc has config files labelled for containers'
        : '';
      return ok(`Docker Engine ${engine.version} (API ${engine.apiVersion}) at ${engine.address}${labels}`);
    }
    const [problem] = engine.problems;
    if (problem.code !== 'no-engine') return missing(problem);
    const repair = engineRepair(situation);
    const { machine } = situation;
    const installable =
      machine.system.debian && isSystemEngine(situation) && machine.program('dockerd') === undefined;
    return missing(
      { ...problem, suggestion: suggestion(situation, problem, repair !== undefined) },
      { ...(repair && { repair }), ...(installable && { packages: enginePackages }) },
    );
  },
};

function suggestion(situation: Situation, problem: Problem, repairable: boolean): string {
  const { platform, debian, root } = situation.machine.system;
  if (repairable) return 'arc doctor --fix';
  // Somebody chose this Engine, so another one would not help.
  if (
    problem.suggestion !== undefined &&
    /DOCKER_|docker context|certificate|\bssh\b/.test(problem.suggestion)
  ) {
    return problem.suggestion;
  }
  if (platform === 'darwin') {
    return 'start Docker Desktop; to install one: brew install colima docker && colima start';
  }
  if (platform !== 'linux') return 'install and start Docker Desktop: https://docs.docker.com/desktop';
  if (debian && !root) return 'sudo arc doctor --fix';
  return 'install Docker Engine (https://docs.docker.com/engine/install) and start it: sudo systemctl start docker';
}
