import { exitStatus } from '../../core/errors.ts';
import { profileServices } from '../../stack/profile-services.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import type { Handler } from '../cli.ts';
import { formatTable } from '../output/table.ts';

/** Each profile with all services that it boots, those that are pulled in by a dependency included. */
export const listProfiles: Handler<object> = async (_, cli) => {
  const { manifests } = await loadWorkspace({ cwd: cli.cwd });
  const profiles = manifests.profiles.map(({ name, production, extends: base, description }) => ({
    name,
    default: name === manifests.workspace.default_profile,
    production,
    extends: base ?? null,
    services: profileServices({ manifests, profile: name }),
    description,
  }));
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
