import { exitStatus } from '../../core/errors.ts';
import { rangeText } from '../../manifest/place-ports.ts';
import { containerName } from '../../stack/names.ts';
import { loadWorkspace, placedManifests } from '../../workspace/load.ts';
import type { Handler } from '../cli.ts';
import { formatTable } from '../output/table.ts';

/** Every service of the workspace, whether a profile names it or not. */
export const listServices: Handler<object> = async (_, cli) => {
  const { manifests } = placedManifests(await loadWorkspace({ cwd: cli.cwd }));
  const containers = manifests.services.flatMap((service) =>
    [service, ...service.sidecars].map((container) => ({
      service: service.role,
      role: container.role,
      name: containerName({ workspace: manifests.workspace, ...container }),
      codename: container.codename,
      tech: container.tech,
      ports: container.ports
        .filter(({ publish, closed }) => publish && !closed)
        .map((port) => `${rangeText(port.host)}/${port.protocol}`),
      depends_on: container.depends_on.map(({ role }) => role),
      upstream: container.upstream,
      description: container.description,
    })),
  );
  cli.result({
    data: { containers },
    text: () =>
      formatTable({
        headings: ['SERVICE', 'CONTAINER', 'CODENAME', 'TECH', 'NEEDS', 'PORTS'],
        spare: ['CODENAME', 'TECH', 'CONTAINER'],
        rows: containers.map((one) => [
          one.role === one.service ? one.service : `  ${one.role}`,
          one.name,
          one.codename,
          one.tech,
          one.depends_on.join(', '),
          one.ports.join(' '),
        ]),
        columns: cli.columns,
      }),
  });
  return exitStatus.done;
};
