import { choosePorts } from '../../app/choose-ports.ts';
import { loadStackOnEngine } from '../../app/load-stack.ts';
import { parseAssignments, type SelectionOptions } from '../../app/request.ts';
import { ArcError } from '../../core/errors.ts';
import type { WorkspaceSituation } from '../../doctor/situation.ts';
import type { Manifests } from '../../manifest/model.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import type { Cli } from '../cli.ts';

/**
 * The stack to look at. A machine can be looked at without a workspace, or with one whose manifests are wrong.
 *
 * @param options.otherwise what is looked at where nothing is named; the default profile unless given
 */
export async function findStack(
  options: SelectionOptions & { otherwise?: (manifests: Manifests) => readonly string[] },
  cli: Cli,
): Promise<WorkspaceSituation | ArcError | undefined> {
  const { without, set, otherwise } = options;
  try {
    const found = await loadWorkspace({ cwd: cli.cwd });
    // Ports that are not chosen yet are checked at their likely numbers.
    const workspace = await choosePorts({ context: cli, workspace: found, keep: false });
    const selection =
      options.selection.length > 0 ? options.selection : (otherwise?.(workspace.manifests) ?? []);
    const stack = await loadStackOnEngine({
      context: cli,
      workspace,
      request: { selection, without, settings: parseAssignments(set) },
    });
    cli.protect(stack.secrets);
    return { root: workspace.root, manifest: workspace.manifests.workspace, stack };
  } catch (error) {
    if (!(error instanceof ArcError)) throw error;
    return error.code === 'no-workspace' ? undefined : error;
  }
}
