import { Secret } from '../../src/core/secret.ts';
import { loadStack, loadWorkspace } from '../../src/workspace/load.ts';
import { repository } from './run-arc.ts';

/**
 * The rules that Prometheus is given where all services run, with the workers of arc's own.
 *
 * @param flavours further ones, by their container's role
 */
export async function alertRules(flavours: Readonly<Record<string, string>> = {}): Promise<string> {
  const workspace = await loadWorkspace({ cwd: repository });
  const stack = await loadStack({
    workspace,
    request: {
      selection: workspace.manifests.services.map(({ role }) => role),
      without: [],
      settings: {},
      flavours: { byRole: { 'realtime-egress': 'embedded', 'realtime-ingress': 'embedded', ...flavours } },
    },
    environment: {},
  });
  const files = stack.containers.flatMap(({ folders }) => folders.flatMap((folder) => folder.files));
  const rules = files.find(({ template }) => template?.endsWith('/alerts.yaml.liquid'));
  if (!(rules?.content instanceof Secret)) throw new Error('no service has rules that arc renders');
  return rules.content.reveal();
}
