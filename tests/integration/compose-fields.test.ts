import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goToolPath } from '../../scripts/build-go-tool.ts';
import { connectDocker, type DockerConnection } from '../../src/platform/docker/connect.ts';
import { type FieldsWorkspace, trickySecrets, writeFieldsWorkspace } from './compose-fields.ts';
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

function arc(...args: (string | { env: Record<string, string> })[]) {
  const words = args.filter((arg) => typeof arg === 'string');
  const env = args.find((arg) => typeof arg === 'object')?.env ?? {};
  return execa(join(repository, 'bin', 'arc'), ['--directory', workspace.root, ...words], {
    stdin: 'ignore',
    all: true,
    env,
  });
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
        { role: 'store', question: 'GET http://127.0.0.1:18481/state', reply: '200 OK' },
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
        { role: 'store', question: 'GET http://127.0.0.1:18481/state', reply: '200 OK', changed: ['ports'] },
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

describe('a secret', () => {
  const inApp = async (...command: string[]) =>
    (await execa('docker', ['exec', 'arcfields-app', 'busybox', ...command], { stripFinalNewline: false }))
      .stdout;

  test('reaches the container as it is, in its environment and as a file', async () => {
    await arc('up', '--bases', 'local', '--yes');
    expect(await inApp('sh', '-c', 'printf %s "$APP_TOKEN"')).toBe(trickySecrets.token);
    expect(await inApp('cat', '/run/secrets/app.pem')).toBe(trickySecrets.key);
    expect(byCompose.get('app')?.fields).toEqual(byArc.get('app')?.fields);
  });

  test('that is real is in no label, plan, committed file or output of Compose', async () => {
    const real = `real-${trickySecrets.token}`;
    const environment = { APP_TOKEN: real, APP_KEY: `real-${trickySecrets.key}` };
    const run = (...args: string[]) => arc(...args, { env: environment });
    const { all: plan } = await run('plan', '--bases', 'local');
    const { all: up } = await run('up', '--bases', 'local', '--yes');
    const { Config } = await engine.docker.getContainer('arcfields-app').inspect();
    const app = join(workspace.root, 'services', 'app');
    const { stdout: config } = await execa(compose, ['config'], { cwd: app });
    const committed = globSync('**/*', { cwd: app, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    expect([plan, up, JSON.stringify(Config.Labels), config, ...committed].join('\n')).not.toContain('real-');
    expect(await inApp('sh', '-c', 'printf %s "$APP_TOKEN"')).toBe(real);
    expect(await inApp('cat', '/run/secrets/app.pem')).toBe(environment.APP_KEY);
    const { stdout } = await execa(compose, ['config', '--format', 'json'], {
      cwd: app,
      env: { ARC_CONFIG_DIR: join(workspace.root, '.arc', 'config') },
    });
    // `$` is doubled in what it prints, as in a compose file.
    expect(JSON.parse(stdout).services.app.environment.APP_TOKEN.replaceAll('$$', '$')).toBe(real);
    await arc('up', '--bases', 'local', '--yes');
  });

  test('in the environment is warned of', async () => {
    const { all } = await arc('validate');
    expect(all).toContain(
      'arcfields-app gets app_token as APP_TOKEN from its environment, where every user of the Engine can read it.',
    );
  });
});

describe('a folder that is mounted as a whole', () => {
  const id = async (role: string) => (await engine.docker.getContainer(`arcfields-${role}`).inspect()).Id;
  const inside = async (role: string, ...command: string[]) =>
    (await execa('docker', ['exec', `arcfields-${role}`, 'busybox', ...command])).stdout;

  test('is loaded again without a restart, which the program itself proves', async () => {
    await arc('up', '--bases', 'local', '--yes');
    const before = { app: await id('app'), store: await id('store') };
    workspace.write('services/app/conf/app.conf.liquid', 'say {{ settings.greeting | shell }} twice\n');
    workspace.write('services/store/rules/deep/two.sql', 'select 2;\n');
    const { stdout } = await arc('--json', 'up', '--bases', 'local', '--yes');
    expect({ app: await id('app'), store: await id('store') }).toEqual(before);
    expect(await inside('app', 'tail', '-n', '1', '/etc/app/app.conf')).toBe("say 'hello' twice");
    expect(await inside('app', 'sha256sum', '/etc/app/app.conf')).toContain(
      (await inside('app', 'cat', '/tmp/www/digest')).slice(0, 64),
    );
    const reloaded = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { verb?: string; phase?: string; role?: string })
      .filter(({ verb, phase }) => verb === 'reload' && phase === 'done');
    // The other one watches its files, and mostly is faster than the question.
    expect(reloaded.map(({ role }) => role)).toContain('app');
    expect(await inside('store', 'ls', '/etc/rules/deep')).toBe('one.sql\ntwo.sql');
  });

  test('loses the file of a template that is gone, as the plan says before', async () => {
    const path = 'services/app/conf/more.conf.liquid';
    workspace.write(path, 'more of {{ project | shell }}\n');
    await arc('up', '--bases', 'local', '--yes');
    const before = await id('app');
    expect(await inside('app', 'ls', '/etc/app')).toBe('app.conf\nmore.conf');
    rmSync(join(workspace.root, path));
    const { stdout: planned } = await arc('plan', '--bases', 'local');
    expect(planned.split('\n')).toEqual([
      expect.stringMatching(/^- config \S+\/rendered\/conf\/more\.conf {2}\(its template is gone\)$/),
      expect.stringMatching(/^~ container arcfields-app {2}\(reloaded, not restarted: \S+\/conf changes\)$/),
    ]);
    expect(await inside('app', 'ls', '/etc/app')).toBe('app.conf\nmore.conf');
    const { stdout } = await arc('--json', 'up', '--bases', 'local', '--yes');
    const done = stdout
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; verb?: string; on?: string; phase?: string })
      .filter(({ verb, phase }) => phase === 'done' && verb !== 'await' && verb !== 'look-up');
    expect(done).toMatchObject([
      { verb: 'remove', on: expect.stringMatching(/^config\/.*more\.conf$/) },
      { verb: 'reload', on: 'container/arcfields-app' },
    ]);
    expect(await inside('app', 'ls', '/etc/app')).toBe('app.conf');
    expect(await id('app')).toBe(before);
    expect((await arc('plan', '--bases', 'local')).stdout).toBe('nothing to do');
  });

  test('is not loaded again where nothing has changed', async () => {
    const { stdout } = await arc('--json', 'up', '--bases', 'local', '--yes');
    expect(stdout).not.toContain('reload');
  });

  test('makes a new container where the program does not reload it', async () => {
    const before = { app: await id('app'), store: await id('store') };
    workspace.write('services/app/pages/b.json', '{}\n');
    await arc('up', '--bases', 'local', '--yes');
    expect(await id('app')).not.toBe(before.app);
    expect(await id('store')).toBe(before.store);
    expect(await inside('app', 'ls', '/srv/pages')).toBe('a.json\nb.json');
  });

  test('says so where the program does not load it', async () => {
    workspace.write('services/app/conf/other.conf.liquid', 'x {{ project | shell }}\n');
    await execa('docker', [
      'exec',
      'arcfields-app',
      'sh',
      '-c',
      'busybox rm -rf /tmp/www/digest; busybox mkdir /tmp/www/digest',
    ]);
    const failure = await arc('up', '--bases', 'local', '--yes').catch((error: Error) => error);
    expect(String(failure)).toContain('arcfields-app has not loaded its changed configuration');
  });
});
