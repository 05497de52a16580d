import { beforeAll, expect, test } from 'vitest';
import { parseManifests } from '../manifest/parse.ts';
import { resolveStack } from '../stack/resolve.ts';
import { type Builtin, readBuiltin, withDependencies } from './builtin.ts';
import { type Choices, newWorkspace } from './new-workspace.ts';

let builtin: Builtin;
beforeAll(async () => {
  builtin = await readBuiltin();
});

const make = (
  services: readonly string[],
  settings: Record<string, string> = {},
  place: Partial<Pick<Choices, 'names' | 'ports'>> = {},
) =>
  newWorkspace({
    builtin,
    choices: {
      ...{ project: 'demo', images: 'ghcr.io/ada', services, settings },
      ...{ names: 'manifest', ports: 0, ...place },
    },
  });

test('what a service depends on comes along, also what its sidecars and jobs need', () => {
  // The cache for the server, storage for egress, and what either can use when it is present.
  const roles = withDependencies(builtin.manifests, ['realtime']).map(({ role }) => role);
  expect(roles).toEqual(expect.arrayContaining(['cache', 'gateway', 'realtime', 'storage', 'traces']));
  expect(roles).not.toContain('sql');
  expect(withDependencies(builtin.manifests, ['cache']).map(({ role }) => role)).toEqual(['cache']);
});

test.each([[['realtime']], [['cache']], [['cache', 'storage']]])('a workspace of %s is valid', (services) => {
  const files = make(services);
  const manifestFiles = new Map([...files].filter(([path]) => !path.startsWith('schemas/')));
  const { manifests, problems } = parseManifests({ files: manifestFiles });
  expect(problems).toEqual([]);
  expect(manifests?.workspace.project).toBe('demo');
});

test('the services are this package’s own, word for word', () => {
  const files = make(builtin.manifests.services.map(({ role }) => role));
  for (const [path, text] of builtin.files) {
    if (!path.startsWith('contracts/')) expect(files.get(path)).toBe(text);
  }
});

test('contracts come along with a service that is named in one, or whose template names them', () => {
  const files = (services: readonly string[]) => [...make(services).keys()];
  expect(files(['cache'])).not.toContain('contracts/agent.yaml');
  const [cache] = builtin.manifests.services;
  if (cache === undefined) throw new Error('there are no services');
  const [message] = builtin.manifests.contracts.messages;
  if (message === undefined) throw new Error('there are no contracts');
  const contracts = {
    ...builtin.manifests.contracts,
    messages: [{ ...message, publishers: [{ role: 'cache', external: false }] }],
  };
  const named: Builtin = { ...builtin, manifests: { ...builtin.manifests, contracts } };
  const template = 'services/cache/x.liquid';
  const naming: Builtin = {
    ...builtin,
    files: new Map([...builtin.files, [template, '{% for message in contracts.messages %}{% endfor %}']]),
  };
  for (const given of [named, naming]) {
    const choices: Choices = {
      ...{ project: 'demo', images: 'ghcr.io/ada', services: ['cache'], settings: {} },
      ...{ names: 'manifest', ports: 0 },
    };
    expect([...newWorkspace({ builtin: given, choices }).keys()]).toContain('contracts/agent.yaml');
  }
});

test('the profiles are those whose services were chosen', () => {
  const { manifests } = parseManifests({ files: make(['realtime']) });
  expect(manifests?.profiles.map(({ name }) => name)).toEqual(['think', 'production']);
  expect(make(['realtime']).get('services/profiles.yaml')).toContain('for a laptop.');
});

test('what boots by default is as small as in the built-in workspace: nothing that is only used when present', () => {
  const templates = make(['realtime']);
  const { manifests } = parseManifests({ files: templates });
  if (!manifests) throw new Error('the workspace is wrong');
  const chosen = { selection: [], without: [], settings: { flags: {}, environment: {} }, secrets: new Map() };
  const { containers } = resolveStack({ manifests, templates, ...chosen });
  expect(
    containers
      .filter(({ kind }) => kind === 'service')
      .map(({ role }) => role)
      .toSorted(),
  ).toEqual(['cache', 'realtime', 'realtime-egress', 'realtime-ingress', 'storage']);
});

test('its images are where they were put, none in the place of the built-in ones', () => {
  const { manifests } = parseManifests({ files: make(['realtime']) });
  const images = manifests?.services.flatMap((service) => [service, ...service.sidecars]);
  expect(images?.map(({ image }) => image)).toEqual(
    images?.map(({ role }) => `ghcr.io/ada/arc-${role}:latest`),
  );
  expect(images?.map(({ role }) => role)).toContain('realtime-egress');
});

test('editors find the schemas that the files name', () => {
  const files = make(['cache']);
  for (const name of ['workspace', 'profiles', 'service'])
    expect(files.has(`schemas/${name}.schema.json`)).toBe(true);
});

test('nothing generated is copied', () => {
  for (const path of make(['realtime']).keys()) {
    expect(path).toMatch(
      /^(arc\.yaml|schemas\/.*|contracts\/[a-z]+\.yaml|services\/(profiles\.yaml|[^/]+\/(service\.yaml|[^/]+\.liquid|(?!rendered\/)[^/]+\/.+)))$/,
    );
  }
});

test('settings are written where they are not the default', () => {
  expect(make(['realtime'], { media: 'mux', node_ip: '127.0.0.1' }).get('arc.yaml')).toBe(
    [
      '# yaml-language-server: $schema=./schemas/workspace.schema.json',
      '# Settings of the whole workspace. A value that is not here has its default.',
      'project: "demo"',
      'images: "ghcr.io/ada"',
      'settings:',
      '  media: "mux"',
      '# Where releases go. If you uncomment it, set `images` to a place that its owner may write to:',
      '# release:',
      '#   repository: https://github.com/<owner>/<repository>',
      '',
    ].join('\n'),
  );
});

test('where it is released to is shown, and left to who owns it', () => {
  const { manifests } = parseManifests({ files: make(['realtime']) });
  expect(manifests?.workspace.release).toBeUndefined();
});

test('without the services that the built-in profiles name there is one profile of what is there', () => {
  expect(make(['cache', 'storage']).get('services/profiles.yaml')).toContain('services: [cache, storage]');
});

test('names and ports of its own are written, and those of the manifests are not', () => {
  const text = (place?: Partial<Choices>) => make(['cache'], {}, place).get('arc.yaml') ?? '';
  expect(text()).not.toMatch(/names|ports/);
  const own = text({ names: 'project', ports: 'auto' });
  const { manifests, problems } = parseManifests({ files: new Map([['arc.yaml', own]]) });
  expect(problems).toEqual([]);
  expect(manifests?.workspace).toMatchObject({
    names: 'project',
    ports: { offset: 'auto' },
    network: 'demo_platform_net',
  });
});
