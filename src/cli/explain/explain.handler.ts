import { loadStackOnEngine } from '../../app/load-stack.ts';
import { exitStatus, invalid } from '../../core/errors.ts';
import type { ServiceManifest } from '../../manifest/model.ts';
import type { ImageContent } from '../../manifest/model-recipe.ts';
import type { DescribedContainer, InnerPort, ResolvedPort, Stack } from '../../stack/model.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import type { Handler } from '../cli.ts';

/** Everything about one service, as resolved with the settings of this machine. */
export const explainService: Handler<{ service: string }> = async (options, cli) => {
  const workspace = await loadWorkspace({ cwd: cli.cwd });
  const stack = await loadStackOnEngine({
    context: cli,
    workspace,
    request: { selection: [options.service], without: [], settings: {} },
  });
  const shown = stack.containers.filter(({ role, service, name }) =>
    [role, service, name].includes(options.service),
  );
  const manifest = workspace.manifests.services.find((service) =>
    [service, ...service.sidecars, ...service.jobs].some(
      ({ role, name }) => role === shown[0]?.role || role === options.service || name === options.service,
    ),
  );
  if (manifest === undefined) throw isProfile(options.service);
  const own = new Set([manifest, ...manifest.sidecars, ...manifest.jobs].map(({ role }) => role));
  const refused = stack.refused.filter(({ role }) => own.has(role));
  cli.result({
    data: {
      containers: shown.map((container) => ({
        ...facts(container),
        contains: contentsOf(manifest, container),
      })),
      refused: refused.map(({ role, name, problem }) => ({ role, name, reason: problem.message })),
      settings: settingsOf(manifest, stack),
      secrets: secretsOf(manifest),
    },
    text: () =>
      [
        ...shown.map((container) =>
          section(container.name, [...describe(container), ...contentRows(contentsOf(manifest, container))]),
        ),
        ...refused.map(({ name, problem }) => section(name, [['left out', problem.message]])),
        section(
          'settings',
          settingsOf(manifest, stack).map(({ name, value, source, description, values }) => [
            name,
            `${value} (${source})  ${description}${values === undefined ? '' : ` [${values.join(' | ')}]`}`,
          ]),
        ),
        section(
          'secrets',
          secretsOf(manifest).map(({ name, description, env }) => [name, `${description} (${env})`]),
        ),
      ]
        .filter((text) => text !== '')
        .join('\n\n'),
  });
  return exitStatus.done;
};

/** The selection knows the name, so nothing else is left. */
function isProfile(name: string) {
  return invalid({
    code: 'unknown-name',
    message: `${name} is a profile; arc explain describes services and containers.`,
    suggestion: '`arc profiles` shows what is in it',
  });
}

function facts(container: DescribedContainer): object {
  return {
    role: container.role,
    name: container.name,
    kind: container.kind,
    description: container.description,
    image: container.image.reference,
    upstream: container.image.upstream,
    flavour:
      container.alternatives === undefined && container.absence === undefined
        ? (container.flavour ?? null)
        : { name: 'auto' },
    dependsOn: container.dependsOn,
    ports: container.ports,
    innerPorts: container.innerPorts,
    volumes: container.volumes,
    config: container.config.map(({ file, target }) => ({ file, target })),
    provision: container.provision.map(({ kind, name }) => ({ kind, name })),
    checks: container.checks.map(({ name, description }) => ({ name, description })),
  };
}

type Row = readonly [label: string, value: string];

function describe(container: DescribedContainer): Row[] {
  const rows: Row[] = [
    ['is', `${container.description} (${container.codename}, ${container.tech})`],
    ['image', `${container.image.reference}, a thin wrapper of ${container.image.upstream}`],
  ];
  if (container.image.recipe !== undefined)
    rows.push([
      'built here',
      `from ${new Intl.ListFormat('en').format(container.image.recipe.map(({ kind }) => kind))} packages if no registry answers`,
    ]);
  rows.push(...flavourRows(container));
  for (const { role, condition } of container.dependsOn) rows.push(['needs', `${role} to be ${condition}`]);
  if (container.rootGroup !== undefined) rows.push(['runs as', `${container.user}: ${container.rootGroup}`]);
  for (const alias of container.aliases) rows.push(['also called', alias]);
  for (const port of container.ports) rows.push(['port', portText(port)]);
  for (const port of container.innerPorts) rows.push(['port', innerPortText(port)]);
  for (const { volume, target } of container.volumes) rows.push(['data', `volume ${volume} at ${target}`]);
  for (const { file, target } of container.config) rows.push(['config', `${file} at ${target}`]);
  for (const { kind, name } of container.provision) rows.push(['provisions', `${kind} ${name}`]);
  for (const check of container.checks) rows.push(['check', `${check.name}: ${check.description}`]);
  return rows;
}

/** If the choice is open, only labels tell which flavour runs. */
function flavourRows({ flavour, alternatives = [], absence }: DescribedContainer): Row[] {
  if (flavour === undefined) return [];
  if (alternatives.length === 0 && absence === undefined)
    return [['flavour', `${flavour.name}: ${flavour.because}`]];
  const next = [...alternatives, ...(absence === undefined ? [] : [absence])];
  const others = next.map(({ name }) => `else ${name}`).join(', ');
  return [
    ['flavour', `${flavour.name} if arc can get it, ${others}; \`arc status\` shows which one runs`],
    ...alternatives.flatMap(({ name, image, description, volumes }): Row[] => [
      [name, `${image.reference}: ${description}`],
      ...volumes.map(({ volume, target }): Row => [`${name} data`, `volume ${volume} at ${target}`]),
    ]),
    ...(absence === undefined ? [] : [[absence.name, `left out: ${absence.without}`] as const]),
  ];
}

/** What of others a container's image has; its licences are those of the whole, which a label of the image has, too. */
function contentsOf(manifest: ServiceManifest, { role }: DescribedContainer): readonly ImageContent[] {
  return [manifest, ...manifest.sidecars].find((one) => one.role === role)?.contains ?? [];
}

function contentRows(contents: readonly ImageContent[]): Row[] {
  return contents.map(({ what, from, licenses, means }) => [
    'contains',
    `${what}, from ${from}: ${licenses}${means === undefined ? '' : `. ${means}`}`,
  ]);
}

function portText(port: ResolvedPort): string {
  const range =
    port.host.first === port.host.last ? String(port.host.first) : `${port.host.first}-${port.host.last}`;
  return `${port.bind}:${range}/${port.protocol}  ${port.name}: ${port.purpose}`;
}

function innerPortText({ container: { first, last }, protocol, name, purpose }: InnerPort): string {
  const range = first === last ? String(first) : `${first}-${last}`;
  return `${range}/${protocol}, not published  ${name}: ${purpose}`;
}

function settingsOf(
  manifest: ServiceManifest | undefined,
  stack: Stack,
): { name: string; value: string; source: string; description: string; values?: readonly string[] }[] {
  return Object.entries(manifest?.settings ?? {}).map(([name, setting]) => ({
    name,
    value: stack.settings[name]?.value ?? setting.default,
    source: stack.settings[name]?.note ?? stack.settings[name]?.source ?? 'default',
    description: setting.description,
    ...(setting.values === undefined ? {} : { values: setting.values }),
  }));
}

function secretsOf(
  manifest: ServiceManifest | undefined,
): { name: string; description: string; env: string }[] {
  return Object.entries(manifest?.secrets ?? {}).map(([name, { description, env }]) => ({
    name,
    description,
    env,
  }));
}

/** So that the sections of most services stand under each other. Characters. */
const leastLabel = 18;

function section(heading: string, rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const width = Math.max(...rows.map(([label]) => label.length), leastLabel);
  return [heading, ...rows.map(([label, value]) => `  ${label.padEnd(width)} ${value}`)].join('\n');
}
