import { once } from 'node:events';
import net from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EngineProxy, openEngineProxy } from '../support/engine-proxy.ts';
import { eventsOf, untilLine } from '../support/run-arc.ts';
import { readData, writeData } from '../support/stack-data.ts';
import { openStage, type Stage } from '../support/stage.ts';

const cacheManifest = 'services/cache/service.yaml';
const cacheConfig = 'services/cache/redis.conf.liquid';
const storageManifest = 'services/storage/service.yaml';
const livekitConfig = 'services/realtime/livekit.yaml.liquid';
const files = [cacheManifest, cacheConfig, storageManifest, livekitConfig];

let stage: Stage;
const pristine = new Map<string, string>();
beforeAll(async () => {
  stage = await openStage({ settings: { media: 'mux' } });
  for (const file of files) pristine.set(file, stage.workspace.read(file));
  await stage.succeed([
    'images',
    'build',
    'think',
    '--without',
    'realtime-ingress',
    '--without',
    'realtime-egress',
  ]);
});
afterAll(() => stage?.close());
beforeEach(async () => {
  for (const [file, text] of pristine) stage.workspace.write(file, text);
  await stage.engine.sweep();
});

type Ended = { exitCode?: number | undefined; stdout: string; stderr: string };

const stackTrace = /^\s+at .+:\d+:\d+\)?$/m;

/** A failed boot: exit status 1, nothing on standard output, and errors that say where and what next. */
async function failing(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const ran = await stage.arc(args, { environment });
  return { ...ran, errors: errorsOf(ran) };
}

function errorsOf({ exitCode, stdout, stderr }: Ended): string {
  expect(exitCode, stderr).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(stackTrace);
  const errors = stderr.slice(stderr.indexOf('error['));
  for (const error of errors.split(/^(?=error\[)/m)) expect(error).toContain('\n  help: ');
  return errors;
}

const surplusWord = () =>
  stage.workspace.edit(
    cacheConfig,
    'requirepass {{ secrets.redis_password | redis }}',
    'requirepass {{ secrets.redis_password | redis }} surplus',
  );

describe('a container that', () => {
  it('exits at once: exit code, the log’s end without the password in it, and what to do', async () => {
    surplusWord();
    stage.workspace.write(cacheManifest, `${stage.workspace.read(cacheManifest)}restart: "no"\n`);
    const { errors, output } = await failing(['up', 'cache']);
    expect(errors).toContain('error[container-exited]\n  arc-cache exited with 1 before it was healthy.\n');
    expect(errors).toContain(
      `  log: >>> 'requirepass "[redacted]" surplus'\n  log: wrong number of arguments\n`,
    );
    expect(errors).toMatch(/\n {2}help: arc logs cache$/);
    expect(output).not.toContain('arc-dev-redis-password');
  });

  it('has no such program', async () => {
    stage.workspace.edit(cacheManifest, 'entrypoint: [redis-server]', 'entrypoint: [redis-sever]');
    const { errors } = await failing(['up', 'cache']);
    expect(errors).toContain(
      'error[entrypoint-missing]\n  The image of the container arc-cache has no program redis-sever that can be run.\n',
    );
  });

  it('crashes again and again: how often, and with what', async () => {
    surplusWord();
    const { errors } = await failing(['up', 'cache']);
    expect(errors).toContain(
      'error[container-crash-loop]\n  arc-cache keeps crashing: 5 times, the last time it exited with 1.\n',
    );
    expect(errors).toContain('  last probe: PING redis://127.0.0.1:6379: ');
    expect(errors).toContain('  log: >>> \'requirepass "[redacted]" surplus\'\n');
    expect((errors.match(/^ {2}log: /gm) ?? []).length).toBeLessThanOrEqual(20);
  });

  it('needs more memory than it may have: that is the reason, and the limit is named', async () => {
    stage.workspace.edit(cacheManifest, 'memory: 256m', 'memory: 16m');
    stage.workspace.edit(cacheManifest, 'entrypoint: [redis-server]', 'entrypoint: [tail]');
    stage.workspace.edit(cacheManifest, 'command: [/etc/arc/redis.conf]', 'command: [/dev/zero]');
    const { errors } = await failing(['up', 'cache']);
    expect(errors).toContain(
      'error[container-out-of-memory]\n  arc-cache was killed because it ran out of memory.\n  reason: out of memory, killed by the kernel\n',
    );
    expect(errors).toMatch(/\n {2}help: raise resources\.memory in its service\.yaml \(now 16 MiB\)$/);
  });

  it('has a config file that is valid, but that its program refuses: the program’s own words', async () => {
    stage.workspace.write(
      livekitConfig,
      `${stage.workspace.read(livekitConfig)}node_selector:\n  kind: nonsense\n`,
    );
    await stage.succeed(['generate']);
    await stage.succeed(['validate']);
    const { errors } = await failing(['up', 'realtime', '--without', 'cache']);
    expect(errors).toContain('  arc-realtime keeps crashing: ');
    expect(errors).toContain('  log: unsupported node selector\n');
  });

  it('never answers as it should: the last answer, and that more time can be given', async () => {
    stage.workspace.edit(storageManifest, 'path: /minio/health/cluster', 'path: /minio/health/never');
    const { errors } = await failing(['up', 'storage', '--timeout', '6s']);
    expect(errors).toContain(
      'error[not-healthy-in-time]\n  arc-storage was not healthy within 6 s, the deadline for the whole command.\n',
    );
    expect(errors).toContain(
      '  last probe: GET http://127.0.0.1:9000/minio/health/never: 403 Forbidden, expected 200\n',
    );
    expect(errors).toMatch(/\n {2}help: arc logs storage; if it only needs longer, raise --timeout$/);
  });

  it('ends while others still start, although it was healthy: the boot fails with its log', async () => {
    stage.workspace.edit(storageManifest, 'path: /minio/health/cluster', 'path: /minio/health/never');
    const up = stage.start(['up', 'cache', 'storage']);
    const stderr = up.readable({ from: 'stderr' });
    await untilLine(stderr, (line) => line.includes('cache healthy'));
    await stage.engine.docker.getContainer('arc-cache').stop();
    const errors = errorsOf(await up);
    expect(errors).toContain('error[container-stopped]\n  arc-cache was stopped by somebody else.\n');
    expect(errors).toContain('  arc-storage was not healthy yet.\n');
  });
});

describe('--timeout', () => {
  it('is one deadline for everything, and what it keeps from starting is not waited for', async () => {
    stage.workspace.edit(storageManifest, 'path: /minio/health/cluster', 'path: /minio/health/never');
    stage.workspace.edit(cacheManifest, 'kind: redis', 'kind: http');
    stage.workspace.edit(cacheManifest, '    password: "{{ secrets.redis_password }}"\n', '    path: /\n');
    const core = ['storage', 'realtime', '--without', 'realtime-ingress', '--without', 'realtime-egress'];
    const { errors, stderr } = await failing(['up', ...core, '--timeout', '8s']);
    const messages = errors.match(/(?<=^error\[not-healthy-in-time\]\n {2}).*/gm) ?? [];
    expect(messages.toSorted()).toEqual([
      'arc-cache was not healthy within 8 s, the deadline for the whole command.',
      'arc-storage was not healthy within 8 s, the deadline for the whole command.',
    ]);
    expect(stderr).toContain('- realtime start');
    expect((await stage.engine.containers())['arc-realtime']?.state).toBe('created');
  });

  it.each(['soon', '5', '-1s'])('refuses %s before anything is done', async (duration) => {
    const { exitCode, stderr } = await stage.arc(['up', 'cache', `--timeout=${duration}`]);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      `error[usage] option '--timeout <duration>' argument '${duration}' is invalid. It takes a number and a unit: 90s, 5m.`,
    );
    expect(await stage.engine.objects()).toEqual([]);
  });
});

describe('while arc is at work', () => {
  let proxy: EngineProxy;
  let server: net.Server | undefined;
  beforeEach(async () => {
    proxy = await openEngineProxy();
  });
  afterEach(() => {
    proxy?.close();
    server?.close();
    server = undefined;
  });

  it('the Engine goes away while a container is waited for: that is said, and the next up goes on', async () => {
    stage.workspace.edit(storageManifest, 'path: /minio/health/cluster', 'path: /minio/health/never');
    const up = stage.start(['up', 'storage'], { environment: proxy.environment });
    await untilLine(up.readable({ from: 'stderr' }), (line) =>
      line.includes('storage waiting until healthy: '),
    );
    proxy.cut();
    const errors = errorsOf(await up);
    expect(errors).toContain(
      'error[engine-lost]\n  The Engine stopped reporting while arc waited for arc-storage.\n',
    );
    expect(errors).not.toContain('its log is empty');
    expect(errors).toMatch(/\n {2}help: arc doctor says whether it runs$/);
    stage.workspace.edit(storageManifest, 'path: /minio/health/never', 'path: /minio/health/cluster');
    await stage.succeed(['up', 'storage']);
  });

  it('the Engine goes away before it has answered a call: which one', async () => {
    const start = proxy.hold(/^POST .*\/containers\/arc-cache\/start/);
    const up = stage.start(['up', 'cache'], { environment: proxy.environment });
    await start.madeBy(up);
    proxy.cut();
    const errors = errorsOf(await up);
    expect(errors).toContain(
      'error[engine-lost]\n  The connection to the Engine broke: it could not start the container arc-cache.\n',
    );
    expect(errors).toContain('  help: arc doctor says whether it runs');
    await stage.succeed(['up', 'cache']);
  });

  it('somebody takes a port between plan and start: the address and the container are named', async () => {
    const start = proxy.hold(/^POST .*\/containers\/arc-cache\/start/);
    const up = stage.start(['up', 'cache'], { environment: proxy.environment });
    await start.madeBy(up);
    server = net.createServer().listen(6379, '127.0.0.1');
    await once(server, 'listening');
    start.release();
    const errors = errorsOf(await up);
    expect(errors).toContain(
      'error[port-in-use]\n  The port 127.0.0.1:6379 of the container arc-cache is already in use.\n',
    );
    expect(errors).toContain('  help: arc doctor names the process or container that holds it');
    server.close();
    await stage.succeed(['up', 'cache']);
  });
});

describe('what somebody else has made', () => {
  const docker = () => stage.engine.docker;
  const theirs: Array<() => Promise<unknown>> = [];
  afterEach(async () => {
    for (const remove of theirs.splice(0).reverse()) await remove();
  });

  async function theirContainer(name: string, more: object = {}): Promise<void> {
    const container = await docker().createContainer({
      name,
      Image: 'ghcr.io/arc-framework/arc-cache:latest',
      Cmd: ['redis-server'],
      ...more,
    });
    theirs.push(() => container.remove({ force: true }));
  }

  async function theirVolume(name: string, labels: Record<string, string> = {}): Promise<void> {
    await docker().createVolume({ Name: name, Labels: labels });
    theirs.push(() => docker().getVolume(name).remove());
  }

  it('a container with a name that is needed is left alone, and named with its maker', async () => {
    await theirContainer('arc-cache', { Labels: { 'com.docker.compose.project': 'shop' } });
    const { errors } = await failing(['up', 'cache']);
    expect(errors).toContain(
      'error[container-name-taken]\n  The container arc-cache already exists and was created by the Docker Compose project "shop", not by the project "arc-e2e".\n',
    );
    expect(errors).toContain('  help: docker rm -f arc-cache, if you no longer need it');
    expect(await stage.engine.objects()).toEqual([]);
  });

  it('a volume with the data of another project is not written to', async () => {
    await theirVolume('arc-cache-data', { 'arc.project': 'other' });
    const { errors } = await failing(['up', 'cache']);
    expect(errors).toContain(
      'error[volume-taken]\n  The volume arc-cache-data already exists, with data of the arc project "other", not of the project "arc-e2e".\n',
    );
    expect(await stage.engine.objects()).toEqual([]);
  });

  it('a volume that nobody’s project has is used, and outlives clean and nuke; so does a network', async () => {
    await theirVolume('arc-cache-data');
    const network = await docker().createNetwork({ Name: 'arc_platform_net' });
    theirs.push(() => network.remove());
    await stage.succeed(['up', 'cache', 'storage']);
    await writeData('theirs');
    const clean = await stage.succeed(['clean', '--yes']);
    expect(clean.stdout).not.toMatch(/Removed .*arc-cache-data/);
    expect(clean.stdout).toContain(
      '  volume arc-cache-data, which `docker volume rm arc-cache-data` removes',
    );
    await stage.succeed(['up', 'cache', 'storage']);
    expect(await readData()).toEqual({ key: 'theirs', object: null });
    await stage.succeed(['clean', '--yes']);
    expect([...(await stage.engine.everything())]).toEqual(
      expect.arrayContaining(['network arc_platform_net', 'volume arc-cache-data']),
    );
  });

  it('a container that uses the stack’s volume keeps clean from removing it, and is easy to find', async () => {
    await stage.succeed(['up', 'cache']);
    await theirContainer('e2e-visitor', { HostConfig: { Binds: ['arc-cache-data:/data'] } });
    const ran = await stage.arc(['clean', '--yes']);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain(
      'error[volume-in-use]\n  The volume arc-cache-data is still used by a container.\n',
    );
    expect(ran.stderr).toContain('  help: docker ps -a --filter volume=arc-cache-data names it');
  });
});

describe('a stack trace', () => {
  it('is shown with --debug alone, behind the error, and without secrets', async () => {
    surplusWord();
    const { exitCode, stderr } = await stage.arc(['up', 'cache', '--debug']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error[container-crash-loop]');
    expect(stderr.slice(stderr.indexOf('help: '))).toMatch(stackTrace);
    expect(stderr).not.toContain('arc-dev-redis-password');
  });

  it('is in no event of --json, where the failure has all of its fields', async () => {
    surplusWord();
    const { exitCode, stdout, stderr } = await stage.arc(['up', 'cache', '--json']);
    expect(exitCode).toBe(1);
    expect(stderr).toBe('');
    expect(stdout).not.toContain('arc-dev-redis-password');
    const [error, ...more] = eventsOf(stdout).filter(({ type }) => type === 'error');
    expect(more).toEqual([]);
    expect(error).toEqual({
      type: 'error',
      problem: {
        code: 'container-crash-loop',
        message: 'arc-cache keeps crashing: 5 times, the last time it exited with 1.',
        detail: expect.arrayContaining(['log: >>> \'requirepass "[redacted]" surplus\'']),
        suggestion: 'arc logs cache',
      },
    });
  });
});
