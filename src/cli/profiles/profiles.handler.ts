import { exitStatus } from '../../core/errors.ts';
import { loadStack, loadWorkspace } from '../../workspace/load.ts';
import type { Handler } from '../cli.ts';
import { formatTable } from '../output/table.ts';

/** Each profile with all services that it boots, those that are pulled in by a dependency included. */
export const listProfiles: Handler<object> = async (_, cli) => {
  const workspace = await loadWorkspace({ cwd: cli.cwd });
  const { manifests } = workspace;
  const profiles = await Promise.all(
    manifests.profiles.map(async (profile) => {
      const stack = await loadStack({
        workspace,
        request: { selection: [profile.name], without: [], settings: {} },
        environment: cli.environment,
      });
      return {
        name: profile.name,
        default: profile.name === manifests.workspace.default_profile,
        production: profile.production,
        extends: profile.extends ?? null,
        services: [...new Set(stack.containers.map(({ service }) => service))],
        description: profile.description,
      };
    }),
  );
  cli.result({
    data: { profiles },
    text: () =>
      formatTable({
        headings: ['PROFILE', 'SERVICES', 'DESCRIPTION'],
        rows: profiles.map((profile) => [
          profile.default ? `${profile.name} (default)` : profile.name,
          profile.services.join(', '),
          profile.description,
        ]),
        columns: cli.columns,
      }),
  });
  return exitStatus.done;
};
