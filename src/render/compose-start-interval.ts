import { dump } from 'js-yaml';
import type { ResolvedContainer } from '../stack/model.ts';
import type { Artefact, ArtefactRenderer, Blueprint } from './artefact.ts';
import { composeFileName, startIntervalFileName } from './compose-file-names.ts';
import { withHeader } from './header.ts';

/** Compose boots the stack fastest with this one, of 100, 250, 500 and 1000 ms. */
const startInterval = '250ms';

/**
 * A second compose file for each service, with the one field that not everybody can use: how often the Engine checks
 * while a container starts. From version 25 on that is every 5 s unless set, and `up --wait` takes as long for each
 * layer; for older Engines some versions of Compose refuse the field. So it is not in the file itself.
 */
export const startIntervalFiles: ArtefactRenderer = (blueprint) =>
  blueprint.services.flatMap(({ manifest }): readonly Artefact[] => {
    const checked = containersOf(manifest.role, blueprint);
    if (checked.length === 0) return [];
    const services = Object.fromEntries(
      checked.map((role) => [role, { healthcheck: { start_interval: startInterval } }]),
    );
    return [
      {
        path: `${manifest.folder}/${startIntervalFileName}`,
        text: withHeader({ source: manifest.file, text: `${notes}\n${dump({ services })}` }),
      },
    ];
  });

const notes = `# Health checks every ${startInterval} while a container starts, for Docker Engine 25 and newer, with Compose 2.25 and newer:
#     docker compose --file ${composeFileName} --file ${startIntervalFileName} up --detach --wait
# With other files than before, Compose makes the containers anew. make adds this one where Engine and Compose know it.
`;

/** Everything with a health check in a service's compose file and in those that it includes. */
function containersOf(service: string, { containers, links }: Blueprint): readonly string[] {
  const included = new Set([service]);
  for (const role of included) for (const needed of links.get(role) ?? []) included.add(needed);
  return [...containers.values()]
    .filter((container) => included.has(container.service) && isChecked(container))
    .map(({ role }) => role)
    .toSorted();
}

function isChecked({ health }: ResolvedContainer): boolean {
  return health.kind === 'probe' && health.command !== undefined;
}
