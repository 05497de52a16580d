import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goToolPath } from '../../scripts/build-go-tool.ts';
import { connectDocker, type DockerConnection } from '../../src/platform/docker/connect.ts';
import { type FieldsWorkspace, writeFieldsWorkspace } from './compose-fields.ts';
import { type Fields, inspectFields, inspectLabels } from './compose-inspect.ts';

// What Compose makes is what arc makes, for the fields that the product's own services do not use.

const repository = join(import.meta.dirname, '..', '..');
const roles = ['store', 'app'];

let compose: string;
let workspace: FieldsWorkspace;
let engine: DockerConnection;
let byArc: ReadonlyMap<string, Seen>;
let byCompose: ReadonlyMap<string, Seen>;
let running: readonly string[];
let healthy: Report;
let healthyElsewhere: Report;

type Seen = { fields: Fields; labels: Fields };

type Report = {
  healthy: boolean;
  containers: readonly { role: string; question?: string; reply: string; changed: readonly string[] }[];
};

beforeAll(async () => {
  compose = goToolPath({ name: 'docker-compose', environment: process.env });
  workspace = writeFieldsWorkspace();
  engine = await connectDocker({ environment: process.env, deadlineMilliseconds: 10_000 });
  await arc('generate');
  await arc('up', '--bases', 'local', '--yes');
  running = await containers();
  byArc = await look();
  healthy = await health();
  const manifest = 'services/store/service.yaml';
  const written = workspace.read(manifest);
  workspace.write(manifest, written.replace('host: 18481', 'host: 18483'));
  healthyElsewhere = await health();
  workspace.write(manifest, written);
  await arc('down');
  // `arc down` takes the network along where nothing else is on it.
  await execa('docker', ['network', 'create', 'arcfields_net'], { reject: false });
  await execa(compose, ['up', '--detach', '--wait'], {
    cwd: join(workspace.root, 'services', 'app'),
    stdin: 'ignore',
  });
  byCompose = await look();
  await execa(compose, ['down'], { cwd: join(workspace.root, 'services', 'app'), stdin: 'ignore' });
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

async function health(): Promise<Report> {
  const { stdout } = await arc('health', '--json');
  const lines = stdout.split('\n').map((line) => JSON.parse(line) as { type: string; data: Report });
  return lines.find(({ type }) => type === 'result')?.data ?? expect.unreachable(stdout);
}

async function look(): Promise<ReadonlyMap<string, Seen>> {
  const { docker } = engine;
  return new Map(
    await Promise.all(
      roles.map(async (role) => {
        const name = `arcfields-${role}`;
        const seen = {
          fields: await inspectFields({ docker, name }),
          labels: await inspectLabels({ docker, name }),
        };
        return [role, seen] as const;
      }),
    ),
  );
}

async function containers(): Promise<readonly string[]> {
  const found = await engine.docker.listContainers();
  return found
    .flatMap(({ Names }) => Names)
    .filter((name) => name.startsWith('/arcfields-'))
    .toSorted();
}

describe('what Compose makes is what arc makes', () => {
  test.each(roles)('%s, field by field', (role) => {
    const expected = byArc.get(role)?.fields;
    expect(Object.keys(expected ?? {}).length).toBeGreaterThan(50);
    expect(byCompose.get(role)?.fields).toEqual(expected);
  });

  test.each(roles)('%s, in the labels that Compose and arc find it by', (role) => {
    expect(byCompose.get(role)?.labels).toEqual(byArc.get(role)?.labels);
  });
});

test('what is only when_present is not started', () => {
  expect(running).toEqual(['/arcfields-app', '/arcfields-store']);
});

describe('arc asks a port', () => {
  test('that is not published, at the address of its container', () => {
    expect(healthy).toMatchObject({
      healthy: true,
      containers: [
        { role: 'store', question: 'connect 127.0.0.1:18481', reply: 'connected' },
        {
          role: 'app',
          question: expect.stringMatching(/^connect (?!127\.)[\d.]+:8080$/),
          reply: 'connected',
        },
      ],
    });
    expect(
      Object.keys(byArc.get('app')?.fields ?? {}).filter((name) => name.includes('PortBindings.')),
    ).toEqual([]);
  });

  test('where it is published, although the manifest says something else now', () => {
    expect(healthyElsewhere).toMatchObject({
      healthy: true,
      containers: [
        { role: 'store', question: 'connect 127.0.0.1:18481', reply: 'connected', changed: ['ports'] },
        { role: 'app' },
      ],
    });
  });
});

test('the Engine has what the manifest says', () => {
  expect(byArc.get('app')?.fields).toMatchObject({
    'HostConfig.LogConfig.Type': '"json-file"',
    'HostConfig.LogConfig.Config.max-size': '"4m"',
    'HostConfig.Ulimits.1.Name': '"nofile"',
    'HostConfig.Ulimits.1.Soft': '1024',
    'HostConfig.Ulimits.1.Hard': '4096',
    'aliases on arcfields_net': 'app arcfields-app front front.arc.internal',
  });
  expect(byArc.get('app')?.fields).not.toHaveProperty('HostConfig.LogConfig.Config.tag');
  expect(byArc.get('store')?.fields).toMatchObject({
    'Config.User': '"65532:0"',
    'Config.Healthcheck.Test.0': '"NONE"',
    'HostConfig.PortBindings.8080/tcp.0.HostIp': '"127.0.0.1"',
  });
  expect(byArc.get('app')?.labels['com.docker.compose.depends_on']).toBe('store:service_started:false');
});
