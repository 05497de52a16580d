import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goToolPath } from '../../scripts/build-go-tool.ts';
import { connectDocker, type DockerConnection } from '../../src/platform/docker/connect.ts';
import { containerSpec } from '../../src/platform/docker/container-spec.ts';
import { hashContainer } from '../../src/platform/docker/hash.ts';
import { asBootable } from '../../src/stack/bootable.ts';
import { loadStack, loadWorkspace } from '../../src/workspace/load.ts';
import { type Fields, inspectFields, inspectLabels } from './compose-inspect.ts';
import { copyWorkspace, type WorkspaceCopy } from './compose-workspace.ts';

// Somebody without arc brings the generated files up with Docker Compose, and gets the same stack. Ingress and egress
// are made but not started: their images cannot be built on a machine without a registry, so another image has their name.

const repository = join(import.meta.dirname, '..', '..');
const services = ['cache', 'storage', 'realtime'];
const bothFiles = ['docker-compose.yml', 'docker-compose.start-interval.yml'].flatMap((file) => [
  '--file',
  file,
]);
const roles = ['cache', 'storage', 'realtime'];
const unstarted = ['realtime-ingress', 'realtime-egress'];

type Seen = { fields: Fields; labels: Fields; health: string };

let compose: string;
let workspace: WorkspaceCopy;
let engine: DockerConnection;
let byArc: ReadonlyMap<string, Seen>;
let byCompose: ReadonlyMap<string, Seen>;
let left: readonly string[];
/** Whether the Engine knows `start_interval`, which is Docker Engine 25: make adds it then. */
let quick: boolean;

beforeAll(async () => {
  compose = goToolPath({ name: 'docker-compose', environment: process.env });
  workspace = copyWorkspace('arcsame');
  engine = await connectDocker({ environment: process.env, deadlineMilliseconds: 10_000 });
  const { ApiVersion } = await engine.docker.version();
  quick = Number(ApiVersion.split('.')[1]) >= 44;
  await arc('generate');

  // The last two of realtime's three images cannot be had.
  await arc('up', 'storage', 'realtime', '--partial', '--flavour', 'upstream', '--bases', 'local', '--yes');
  byArc = new Map([...(await look(roles)), ...(await makeUnstarted())]);
  await arc('down');

  // `arc down` may have taken the network along; the make targets make it where it is missing.
  await make('storage-up');
  // With the same files as make, or Compose would make what is there already anew.
  const files = quick ? bothFiles : [];
  await composeIn('realtime', ...files, 'up', '--detach', '--wait', 'realtime');
  await composeIn('realtime', ...files, 'create', ...unstarted);
  byCompose = await look([...roles, ...unstarted]);
  await make('storage-health', 'cache-health', 'storage-down');
  await composeIn('realtime', 'down');
  left = await containers();
});

afterAll(async () => {
  if (workspace === undefined) return;
  await arc('nuke', '--force');
  workspace.remove();
  engine?.close();
});

function arc(...args: string[]) {
  return execa(join(repository, 'bin', 'arc'), ['--directory', workspace.root, ...args], { stdin: 'ignore' });
}

/** The make targets as they are for somebody without arc. */
function make(...targets: string[]) {
  return execa('make', [...targets, 'ARC=', `DOCKER_COMPOSE=${compose}`], {
    cwd: workspace.root,
    stdin: 'ignore',
  });
}

function composeIn(service: string, ...args: string[]) {
  return execa(compose, args, { cwd: join(workspace.root, 'services', service), stdin: 'ignore' });
}

/** Makes ingress and egress with arc's own request to the Engine, looks at them, and removes them. */
async function makeUnstarted(): Promise<ReadonlyMap<string, Seen>> {
  const { docker } = engine;
  const described = await loadStack({
    workspace: await loadWorkspace({ cwd: workspace.root }),
    request: { selection: services, without: [], settings: {} },
    environment: {},
  });
  const stack = asBootable(described);
  const { project, network } = stack;
  const { root } = workspace;
  const standIn = stack.containers.find(({ role }) => role === 'realtime')?.image.reference ?? '';
  for (const container of stack.containers.filter(({ role }) => unstarted.includes(role))) {
    const dockerfile = `FROM ${standIn}\nENTRYPOINT ["/stand-in"]\n`;
    await execa('docker', ['build', '--tag', container.image.reference, '-'], { input: dockerfile });
    const hash = hashContainer({ container, image: { id: undefined }, network, root });
    await docker.createContainer({
      name: container.name,
      ...containerSpec({ container, hash, booted: [], project, network, root, owner: { folder: root } }),
    });
  }
  const seen = await look(unstarted);
  for (const role of unstarted) await docker.getContainer(`${project}-${role}`).remove();
  return seen;
}

async function look(roles: readonly string[]): Promise<ReadonlyMap<string, Seen>> {
  const { docker } = engine;
  return new Map(
    await Promise.all(
      roles.map(async (role) => {
        const name = `${workspace.project}-${role}`;
        const { State } = await docker.getContainer(name).inspect();
        const health = State.Health?.Status ?? `${State.Status} ${State.ExitCode}`;
        return [
          role,
          {
            fields: await inspectFields({ docker, name }),
            labels: await inspectLabels({ docker, name }),
            health,
          },
        ] as const;
      }),
    ),
  );
}

async function containers(): Promise<readonly string[]> {
  const found = await engine.docker.listContainers({ all: true });
  return found.flatMap(({ Names }) => Names).filter((name) => name.startsWith(`/${workspace.project}-`));
}

describe('docker compose config', () => {
  test.each(services)('accepts the committed file of %s', async (service) => {
    const cwd = join(repository, 'services', service);
    const { stdout } = await execa(compose, ['config', '--format', 'json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'arc',
      networks: { arc_platform_net: { external: true } },
    });
  });

  test('realtime alone brings along all that it needs', async () => {
    const { stdout } = await execa(compose, ['config', '--services'], {
      cwd: join(repository, 'services', 'realtime'),
    });
    expect(stdout.split('\n').toSorted()).toEqual([
      'cache',
      'realtime',
      'realtime-egress',
      'realtime-ingress',
      'storage',
    ]);
  });

  test('the environment decides the address that the server tells clients, and where configuration is', async () => {
    const { stdout } = await execa(compose, ['config', '--format', 'json'], {
      cwd: join(repository, 'services', 'realtime'),
      env: { LIVEKIT_NODE_IP: '192.0.2.7', ARC_CONFIG_DIR: '/somewhere' },
    });
    const { realtime, cache } = JSON.parse(stdout).services;
    expect(realtime.environment).toEqual({ NODE_IP: '192.0.2.7' });
    expect(realtime.volumes).toMatchObject([{ source: '/somewhere/realtime/livekit.yaml', read_only: true }]);
    expect(cache.volumes[1]).toMatchObject({ source: '/somewhere/cache/redis.conf' });
  });
});

test.each(services)(
  'the start_interval of %s is added to all that its file brings along',
  async (service) => {
    const cwd = join(repository, 'services', service);
    const [plain, both] = await Promise.all(
      [[], bothFiles].map(async (words) => {
        const { stdout } = await execa(compose, [...words, 'config', '--format', 'json'], { cwd });
        return JSON.parse(stdout) as { services: Record<string, { healthcheck?: object }> };
      }),
    );
    for (const { healthcheck } of Object.values(plain?.services ?? {}))
      if (healthcheck) Object.assign(healthcheck, { start_interval: '250ms' });
    expect(both).toEqual(plain);
  },
);

describe('what Compose makes is what arc makes', () => {
  test.each([...roles, ...unstarted])('%s, field by field', (role) => {
    const expected = byArc.get(role);
    expect(Object.keys(expected?.fields ?? {}).length).toBeGreaterThan(50);
    expect(byCompose.get(role)?.fields).toEqual({
      ...expected?.fields,
      ...(quick && { 'Config.Healthcheck.StartInterval': '250000000' }),
    });
  });

  test.each([...roles, ...unstarted])('%s, in the labels that Compose and arc find it by', (role) => {
    const { 'com.docker.compose.depends_on': dependsOn, ...labels } = byCompose.get(role)?.labels ?? {};
    const { 'com.docker.compose.depends_on': expected, ...others } = byArc.get(role)?.labels ?? {};
    expect(labels).toEqual(others);
    expect(dependsOn).toBe(expected);
  });

  test('both wait until it is healthy', () => {
    for (const role of roles) expect(byCompose.get(role)?.health, role).toBe('healthy');
  });

  test('down leaves no container, and keeps the data', async () => {
    expect(left).toEqual([]);
    const { Volumes } = await engine.docker.listVolumes();
    expect(
      Volumes.map(({ Name }) => Name)
        .filter((name) => name.startsWith(`${workspace.project}-`))
        .toSorted(),
    ).toEqual([`${workspace.project}-cache-data`, `${workspace.project}-storage-data`]);
  });
});
