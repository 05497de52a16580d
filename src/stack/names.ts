import type { WorkspaceManifest } from '../manifest/model.ts';

/**
 * Name of a container on the Engine: the manifest's, or one of the project's own. On its network it always has the
 * manifest's, so that config files say the same in every workspace.
 */
export function containerName(options: {
  workspace: Pick<WorkspaceManifest, 'names' | 'project'>;
  role: string;
  /** In the manifest. */
  name: string;
}): string {
  const { workspace, role, name } = options;
  return workspace.names === 'project' ? `${workspace.project}-${role}` : name;
}
