import { dump } from 'js-yaml';
import type { Artefact, ArtefactRenderer, Blueprint, ServiceBlueprint } from './artefact.ts';
import { composeFileName, startIntervalFileName } from './compose-file-names.ts';
import { composeService, unlessEmpty } from './compose-service.ts';
import { withHeader } from './header.ts';
import { relativeFolder } from './service-links.ts';
import { serviceNotes } from './service-notes.ts';

/** One compose file per service. It includes the files of other services that it needs. */
export const composeFiles: ArtefactRenderer = (blueprint) =>
  blueprint.services.map((service): Artefact => {
    const { manifest } = service;
    const needed = blueprint.links.get(manifest.role) ?? [];
    const content = {
      name: blueprint.stack.project,
      ...unlessEmpty(
        'include',
        needed.map((role) => includePath({ from: manifest.folder, role, blueprint })),
      ),
      services: Object.fromEntries(
        service.containers.map((container) => [
          container.role,
          composeService({ container, stack: blueprint.stack }),
        ]),
      ),
      networks: { [blueprint.stack.network]: { external: true } },
      ...unlessEmpty('volumes', composeVolumes(service)),
    };
    const text = `${preamble({ service, blueprint })}${yaml(content)}`;
    return {
      path: `${manifest.folder}/${composeFileName}`,
      text: withHeader({ source: manifest.file, text }),
    };
  });

function includePath(options: { from: string; role: string; blueprint: Blueprint }): string {
  const folder = options.blueprint.containers.get(options.role)?.image.folder ?? '';
  return `${relativeFolder(options.from, folder)}/${composeFileName}`;
}

function preamble(options: { service: ServiceBlueprint; blueprint: Blueprint }): string {
  const { service, blueprint } = options;
  const lines = [
    ...serviceNotes({ service, blueprint }),
    '',
    `With arc:     arc up ${service.manifest.role}`,
    `Without arc:  docker network create ${blueprint.stack.network}`,
    ...upCommands(service).map((command) => `              ${command}`),
    '',
    'With Docker Engine 25 or newer, and Compose 2.25 or newer, it takes seconds less for each layer with',
    `--file ${composeFileName} --file ${startIntervalFileName} after \`docker compose\`; so does make.`,
    '',
    'Configuration is mounted from beside this file. To mount files that hold real secrets instead, rendered by arc,',
    'set ARC_CONFIG_DIR to <workspace>/.arc/config. Where the Engine uses SELinux, set ARC_SELINUX to true, so that',
    'containers may read what is mounted.',
  ];
  return lines.map((line) => `${`# ${line}`.trimEnd()}\n`).join('');
}

/**
 * How to bring the service up with Compose and wait for it. `--wait` takes a container that ended for a failure, unless
 * another container waits for its end (docker/compose#10596), so such a job is run by a command of its own.
 */
function upCommands(service: ServiceBlueprint): readonly string[] {
  const awaited = new Set(service.containers.flatMap(({ dependsOn }) => dependsOn.map(({ role }) => role)));
  const jobs = service.containers.filter(({ kind, role }) => kind === 'job' && !awaited.has(role));
  const rest = service.containers.filter((container) => !jobs.includes(container));
  const up = [
    'docker compose up --detach --wait',
    ...(jobs.length === 0 ? [] : rest.map(({ role }) => role)),
  ];
  return [up.join(' '), ...jobs.map(({ role }) => `docker compose up --no-deps ${role}`)];
}

/** Explicit names, which do not depend on the project that Compose thinks it is in. */
function composeVolumes(service: ServiceBlueprint): Record<string, unknown> {
  const names = service.containers.flatMap((container) => container.volumes.map(({ volume }) => volume));
  return Object.fromEntries(names.map((name) => [name, { name }]));
}

/** With an empty line before each section. */
function yaml(content: Record<string, unknown>): string {
  return dump(content, { lineWidth: -1, noRefs: true }).replace(/^(?=\S)/gm, '\n');
}
