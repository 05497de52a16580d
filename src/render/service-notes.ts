import type { ResolvedContainer, ResolvedSetting } from '../stack/model.ts';
import type { Blueprint, ServiceBlueprint } from './artefact.ts';
import { baseVariable, publicVariable } from './compose-service.ts';
import { isOpen } from './open-setting.ts';

type Row = readonly [name: string, text: string];

/** Describes a service and everything that can be chosen about it, for people who read or use it without arc. */
export function serviceNotes(options: {
  service: ServiceBlueprint;
  blueprint: Blueprint;
}): readonly string[] {
  const { service, blueprint } = options;
  const { manifest } = service;
  const services = service.containers.filter(({ kind }) => kind === 'service');
  const sidecars = services.filter(({ role }) => role !== manifest.role);
  const settings = Object.keys(manifest.settings).flatMap((name) => {
    const setting = blueprint.stack.settings[name];
    return setting === undefined ? [] : [settingRow({ name, setting, kind: manifest.settings[name]?.kind })];
  });
  return [
    `${manifest.name} (${manifest.codename}): ${manifest.description}`,
    ...sidecars.map(({ name, codename, description }) => `${name} (${codename}): ${description}`),
    ...paragraphs(
      'Made inside by `arc up`, and not by docker compose',
      manifest.provision.map(({ kind, name }): Row => [`${kind} ${name}`, '']),
    ),
    ...paragraphs('Settings, from the environment', [
      ...settings,
      ...services.map(
        ({ role, name, image }): Row => [
          baseVariable(role),
          `Base image that ${name} is built on without arc. Default: ${image.upstream}.`,
        ],
      ),
      ...publicPorts(service.containers),
    ]),
    ...paragraphs(
      'Secrets, with development values until `arc secrets generate` makes real ones',
      Object.values(manifest.secrets).map(({ env, description }): Row => [env, description]),
    ),
  ];
}

function settingRow(options: { name: string; setting: ResolvedSetting; kind: string | undefined }): Row {
  const { name, setting, kind } = options;
  const allowed = setting.values === undefined ? '' : ` One of ${setting.values.join(', ')}.`;
  const range = setting.range === undefined ? '' : ` From ${setting.range.min} to ${setting.range.max}.`;
  const looked = kind === 'address' ? ' With arc also lan or public, which it looks up.' : '';
  const scope = isOpen(setting)
    ? ''
    : ` With arc; for docker compose set ${name} in arc.yaml and run arc generate.`;
  return [
    setting.env ?? name,
    `${setting.description} Default: ${setting.value}.${allowed}${range}${looked}${scope}`,
  ];
}

/** Without arc, the environment decides what a production profile decides with arc. */
function publicPorts(containers: readonly ResolvedContainer[]): readonly Row[] {
  const ports = containers.flatMap((container) => container.ports.filter((port) => port.public));
  if (ports.length === 0) return [];
  const names = ports.map(({ name }) => name).join(', ');
  return [[publicVariable, `Address that public ports (${names}) are bound to. Default: 127.0.0.1.`]];
}

/** Each name on a line of its own, its text below. */
function paragraphs(title: string, rows: readonly Row[]): readonly string[] {
  if (rows.length === 0) return [];
  return [
    '',
    `${title}:`,
    ...rows.flatMap(([name, text]) => [
      `  ${name}`,
      ...(text === '' ? [] : wrap(text).map((line) => `      ${line}`)),
    ]),
  ];
}

/** Lines of at most 70 columns, so that they fit a terminal with their margin. */
function wrap(text: string): readonly string[] {
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
