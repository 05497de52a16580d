import type { ResolvedSetting } from '../stack/model.ts';
import type { Blueprint, ServiceBlueprint } from './artefact.ts';
import { baseVariable } from './compose.ts';
import { isOpen } from './open-setting.ts';

type Row = readonly [name: string, text: string];

/** What `make <role>-help` prints: the targets, and everything that can be chosen. */
export function helpLines(options: { service: ServiceBlueprint; blueprint: Blueprint }): string[] {
  const { service, blueprint } = options;
  const { manifest } = service;
  const sidecars = service.containers.filter(
    ({ kind, role }) => kind === 'service' && role !== manifest.role,
  );
  const settings = Object.keys(manifest.settings).flatMap((name) => {
    const setting = blueprint.stack.settings[name];
    return setting === undefined ? [] : [settingRow({ name, setting, kind: manifest.settings[name]?.kind })];
  });
  return [
    `${manifest.name} (${manifest.codename}): ${manifest.description}`,
    ...sidecars.map(({ name, codename, description }) => `${name} (${codename}): ${description}`),
    ...section('Targets', [
      ...runRows(manifest.role, 'all of it, and what it needs'),
      [`${manifest.role}-build`, 'build its images'],
      [`${manifest.role}-tag`, 'name them by version: VERSION=v0.1.0'],
      [`${manifest.role}-push`, 'push them, as VERSION where it is given'],
      [`${manifest.role}-publish`, 'build, tag and push'],
      [`${manifest.role}-clean`, 'remove containers and data; asks, unless FORCE=1'],
      [`${manifest.role}-nuke`, 'clean, and remove the images too'],
      ...sidecars.flatMap(({ role, name }) => runRows(role, name)),
    ]),
    ...section('Settings, from the environment or after the target', [
      ...settings,
      ...service.containers
        .filter(({ kind }) => kind === 'service')
        .map(
          (container): Row => [
            baseVariable(container.role),
            `Base image that docker compose builds ${container.name} on. Default: ${container.image.upstream}.`,
          ],
        ),
      ['ARC_UP_FLAGS', 'More flags for arc up, such as --partial.'],
    ]),
    ...section(
      'Secrets: development values by default; `arc secrets generate` makes real ones',
      Object.values(manifest.secrets).map(({ env, description }): Row => [env, description]),
    ),
  ];
}

function runRows(name: string, what: string): Row[] {
  return [
    [`${name}-up`, `start ${what}, and wait until it is healthy`],
    [`${name}-down`, 'stop and remove containers; data is kept'],
    [`${name}-health`, 'check that it is really healthy'],
    [`${name}-logs`, 'follow the logs, each line with its container'],
  ];
}

function settingRow(options: { name: string; setting: ResolvedSetting; kind: string | undefined }): Row {
  const { name, setting, kind } = options;
  const allowed = setting.values === undefined ? '' : ` One of ${setting.values.join(', ')}.`;
  const looked = kind === 'address' ? ' With arc also lan or public, which are looked up.' : '';
  const scope = isOpen(setting)
    ? ''
    : ` Only with arc; for docker compose set ${name} in arc.yaml and run arc generate.`;
  return [
    setting.env ?? name,
    `${setting.description} Default: ${setting.value}.${allowed}${looked}${scope}`,
  ];
}

function section(title: string, rows: readonly Row[]): string[] {
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(([name]) => name.length));
  return ['', `${title}:`, ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)];
}
