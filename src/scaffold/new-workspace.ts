import type { NamePolicy, PortsManifest, ServiceManifest } from '../manifest/model.ts';
import { type Builtin, withDependencies } from './builtin.ts';

/** A person's choices for a new workspace. */
export type Choices = {
  project: string;
  /** Registry and path that its images are in: `ghcr.io/ada`. */
  images: string;
  /** Roles of built-in services; what these depend on comes along. */
  services: readonly string[];
  /** Values of the services' settings; those that are the default are left out of arc.yaml. */
  settings: Readonly<Record<string, string>>;
  /** As in arc.yaml; the defaults are left out there. */
  names: NamePolicy;
  ports: PortsManifest['offset'];
};

/** Lines of files that may be there already. */
export const lines: ReadonlyMap<string, readonly string[]> = new Map([
  // arc's own files, including secrets.
  ['.gitignore', ['.arc/']],
  // With core.autocrlf, make targets and configs would get line ends that no container understands.
  [
    '.gitattributes',
    ['arc.yaml', 'images.lock.yaml', 'contracts/**', 'services/**', 'schemas/**'].map(
      (path) => `${path} text=auto eol=lf`,
    ),
  ],
]);

/** The files of a new workspace, by path. */
export function newWorkspace(options: {
  builtin: Builtin;
  choices: Choices;
}): ReadonlyMap<string, string | Uint8Array> {
  const { builtin, choices } = options;
  const services = withDependencies(builtin.manifests, choices.services);
  const folders = services.map(({ folder }) => `${folder}/`);
  const withContracts = takesContracts({ builtin, services });
  const copied = [...builtin.files].filter(
    ([path]) =>
      path.startsWith('schemas/') ||
      (path.startsWith('contracts/') && withContracts) ||
      folders.some((folder) => path.startsWith(folder)),
  );
  return new Map([
    ['arc.yaml', workspaceFile(builtin, choices)],
    [
      'services/profiles.yaml',
      profilesFile(
        builtin,
        services.map(({ role }) => role),
      ),
    ],
    ...copied,
  ]);
}

/** Whether contracts name any of the services, or a template of theirs names contracts. */
function takesContracts(options: { builtin: Builtin; services: readonly ServiceManifest[] }): boolean {
  const { builtin, services } = options;
  const { messages, domains } = builtin.manifests.contracts;
  const parties = [
    ...domains.flatMap(({ observers }) => observers),
    ...messages.flatMap(({ publishers, subscribers }) => [...publishers, ...subscribers]),
  ];
  const named = new Set(parties.map(({ role }) => role));
  return services.some(
    ({ role, folder }) =>
      named.has(role) ||
      [...builtin.files].some(
        ([path, text]) => path.startsWith(`${folder}/`) && /\{[{%][^}]*\bcontracts\b/.test(text.toString()),
      ),
  );
}

function workspaceFile({ manifests }: Builtin, choices: Choices): string {
  const { project, images, settings, names, ports } = choices;
  const defaults = new Map(
    manifests.services.flatMap((service) =>
      Object.entries(service.settings).map(([name, setting]) => [name, setting.default] as const),
    ),
  );
  const chosen = Object.entries(settings).filter(([name, value]) => defaults.get(name) !== value);
  return [
    '# yaml-language-server: $schema=./schemas/workspace.schema.json',
    '# Settings of the whole workspace. A value that is not here has its default.',
    `project: ${JSON.stringify(project)}`,
    `images: ${JSON.stringify(images)}`,
    ...(names === 'manifest' ? [] : [`names: ${names}`]),
    ...(ports === 0 ? [] : [`ports: { offset: ${ports} }`]),
    ...(chosen.length === 0 ? [] : ['settings:']),
    ...chosen.map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`),
    ...releaseExample,
    '',
  ].join('\n');
}

/** Where a workspace is released to is not arc's to guess; what it looks like is shown. */
const releaseExample = [
  '# Where releases go. If you uncomment it, set `images` to a place that its owner may write to:',
  '# release:',
  '#   repository: https://github.com/<owner>/<repository>',
];

/** The built-in profiles whose services are all there; where the default one is not, one profile of what is. */
function profilesFile({ manifests, files }: Builtin, roles: readonly string[]): string {
  const { profiles, workspace } = manifests;
  const fits = (name: string | undefined): boolean => {
    if (name === undefined) return true;
    const profile = profiles.find((one) => one.name === name);
    return profile?.services.every((role) => roles.includes(role)) === true && fits(profile.extends);
  };
  const text = String(files.get('services/profiles.yaml') ?? '');
  if (fits(workspace.default_profile)) {
    const [head, ...blocks] = text.split(/^(?= {2}[a-z][a-z0-9-]*:$)/m);
    return [head, ...blocks.filter((block) => fits(block.slice(2, block.indexOf(':'))))].join('');
  }
  return [
    '# yaml-language-server: $schema=../schemas/profiles.schema.json',
    '# Sets of services that boot together. arc adds what they depend on.',
    'profiles:',
    `  ${workspace.default_profile}:`,
    '    description: All that is in this workspace.',
    `    services: [${roles.join(', ')}]`,
    '',
  ].join('\n');
}
