import type { ResolvedSetting } from '../stack/model.ts';
import type { Blueprint, ServiceBlueprint } from './artefact.ts';
import { baseVariable } from './compose-service.ts';
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
      [`${manifest.role}-publish`, 'push them as sha-<commit>; without arc build, tag and push'],
      [`${manifest.role}-clean`, 'remove containers and data; asks, unless FORCE=1'],
      [`${manifest.role}-nuke`, 'clean, and remove the images too'],
      ...sidecars.flatMap(({ role, name }) => runRows(role, name)),
    ]),
    ...paragraphs('Settings, from the environment or after the target', [
      ...settings,
      ...service.containers
        .filter(({ kind }) => kind === 'service')
        .map(
          (container): Row => [
            baseVariable(container.role),
            `Base image that ${container.name} is built on without arc. Default: ${container.image.upstream}.`,
          ],
        ),
      ['PLATFORM', 'What build and publish are for, with arc: linux/amd64,linux/arm64.'],
      ['ARC_UP_FLAGS', 'More flags for arc up, such as --partial.'],
      ['ARC', 'The program that the targets use; with ARC= they use docker and docker compose.'],
    ]),
    ...paragraphs(
      'Secrets, with development values until `arc secrets generate` makes real ones',
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
  const looked = kind === 'address' ? ' With arc also lan or public, which it looks up.' : '';
  const scope = isOpen(setting)
    ? ''
    : ` With arc; for docker compose set ${name} in arc.yaml and run arc generate.`;
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

/** Each name on a line of its own, its text below, for text that is too long to stand beside it. */
function paragraphs(title: string, rows: readonly Row[]): string[] {
  if (rows.length === 0) return [];
  return [
    '',
    `${title}:`,
    ...rows.flatMap(([name, text]) => [`  ${name}`, ...wrap(text).map((line) => `      ${line}`)]),
  ];
}

/** Lines of at most 70 columns, so that they fit a terminal with their margin. */
function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > 70) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
