import { invalid, type Problem } from '../core/errors.ts';
import { describeElsewhere, type FromElsewhere, fromElsewhere } from '../platform/docker/from-elsewhere.ts';
import type { Snapshot } from '../platform/docker/snapshot.ts';
import type { Stack } from '../stack/model.ts';
import { describeOwner, type Home } from '../stack/owner.ts';
import { realFolder } from '../workspace/identity.ts';
import { confirm } from './consent.ts';
import type { Context } from './context.ts';

/** The flag that consents to changing what another workspace has made. `--yes` does not. */
export const takeOverFlag = '--take-over';
export const takeOverHelp = 'also change containers that another folder or host started, and use their data';

/** Objects of the project that another workspace created. */
export function elsewhere(options: { snapshot: Snapshot; home: Home }): readonly FromElsewhere[] {
  return fromElsewhere({ ...options, resolve: realFolder });
}

/** Those that a boot of the stack replaces or writes to. The network is shared and does not change. */
export function ofStack(options: {
  stack: Pick<Stack, 'containers'>;
  objects: readonly FromElsewhere[];
}): readonly FromElsewhere[] {
  const names = new Set(options.stack.containers.flatMap(({ role, name }) => [role, name]));
  return options.objects.filter(
    ({ kind, role = '', name }) => kind !== 'network' && (names.has(role) || names.has(name)),
  );
}

/** For commands that change nothing. */
export function warnOfOtherWorkspace(options: {
  context: Context;
  objects: readonly FromElsewhere[];
  home: Home;
}): void {
  if (options.objects.length === 0) return;
  options.context.emit({
    type: 'warning',
    problem: { ...otherWorkspace(options), suggestion: `\`arc up\` needs ${takeOverFlag} for this` },
  });
}

/**
 * Asks before anything of another workspace changes, and names the objects and that workspace.
 *
 * @param options.does what happens to it: `recreates them with the secrets and the files of this folder`
 * @throws ArcError `other-workspace` (exit status 2) if there is nobody to ask
 */
export async function consentToTakeOver(options: {
  context: Context;
  objects: readonly FromElsewhere[];
  home: Home;
  command: string;
  does: string;
  given: boolean;
}): Promise<void> {
  const { context, objects, command, does, given } = options;
  if (objects.length === 0) return;
  const problem = otherWorkspace(options);
  if (!given && context.ask === undefined)
    throw invalid({
      ...problem,
      detail: [...(problem.detail ?? []), `arc ${command} ${does}`],
      suggestion: `run it there, or take over with arc ${command} ${takeOverFlag}; --yes is not enough`,
    });
  context.emit({ type: 'warning', problem });
  await confirm({ context, question: `arc ${command} ${does}. Continue?`, flag: takeOverFlag, given });
}

function otherWorkspace(options: { objects: readonly FromElsewhere[]; home: Home }): Problem {
  return {
    code: 'other-workspace',
    message: `${describeElsewhere(options.objects).join('; ')}, not from here (${describeOwner(options.home)}).`,
    detail: ['both workspaces have the same project, and so the same names on this Engine'],
  };
}
