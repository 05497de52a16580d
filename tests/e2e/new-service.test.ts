import { mkdirSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untilLine } from '../support/run-arc.ts';
import { devCredentials } from '../support/stack-data.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

// A service that arc has never heard of: a read-only copy of the cache. All that is added is a folder with two files
// and a profile; the base is the cache's own, so that nothing has to be downloaded.
const manifest = `name: arc-mirror
role: mirror
codename: echo
tech: redis
description: A copy of the cache that can only be read.
image: ghcr.io/arc-framework/arc-mirror:latest
upstream: docker.io/library/redis:7.4-bookworm
recipe:
  - kind: debian
    suite: bookworm
    variant: minbase
    packages: [redis-server]
user: "65532:65532"
read_only: true
entrypoint: [redis-server]
command: [/etc/arc/mirror.conf]
depends_on: [cache]
ports:
  - name: redis
    container: 6390
    purpose: Redis protocol, reads only
config:
  - template: mirror.conf.liquid
    file: mirror.conf
    target: /etc/arc/mirror.conf
tmpfs: [/tmp]
health:
  probe:
    kind: redis
    port: redis
    password: "{{ secrets.mirror_password }}"
  command: [CMD-SHELL, "redis-cli -p {{ ports.redis }} ping 2>&1 | grep -q NOAUTH"]
  interval: 10s
resources:
  memory: 64m
secrets:
  mirror_password:
    description: Password of those who read.
    dev: arc-dev-mirror-password
    generate: { length: 40 }
    env: MIRROR_PASSWORD
checks:
  - name: answers
    description: The copy can be read.
    probe: { kind: redis, port: redis, password: "{{ secrets.mirror_password }}" }
    needs: [cache]
`;
const config = `bind 0.0.0.0
port {{ ports.redis }}
requirepass {{ secrets.mirror_password | redis }}
replicaof {{ containers.cache.host }} {{ containers.cache.ports.redis }}
masterauth {{ secrets.redis_password | redis }}
dir /tmp
save ""
appendonly no
`;
const profile = `  mirrored:
    description: The cache and its copy.
    services: [mirror]
    needs: { cpus: 1, disk: 1g }
`;

describe('a folder with a new service, and a profile that names it', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    const { workspace } = stage;
    mkdirSync(workspace.path('services/mirror'));
    workspace.write('services/mirror/service.yaml', manifest);
    workspace.write('services/mirror/mirror.conf.liquid', config);
    workspace.write('services/profiles.yaml', workspace.read('services/profiles.yaml') + profile);
  });
  afterAll(() => stage?.close());

  it('is valid, and listed with what it needs', async () => {
    await stage.succeed(['validate']);
    const { stdout: services } = await stage.succeed(['services']);
    expect(services).toMatch(/^mirror +arc-mirror +echo +redis +cache .*6390/m);
    const { stdout: profiles } = await stage.succeed(['profiles']);
    expect(profiles).toMatch(/^mirrored .*mirror/m);
    expect((await stage.succeed(['graph', 'mirrored'])).stdout).toMatch(/cache[\s\S]*mirror/);
    expect((await stage.succeed(['explain', 'mirror'])).stdout).toContain('A copy of the cache');
  });

  it('has its files generated: Dockerfile, compose, make targets and config', async () => {
    expect((await stage.arc(['generate', '--check'])).exitCode).toBe(3);
    await stage.succeed(['generate']);
    await stage.succeed(['generate', '--check']);
    const { workspace } = stage;
    expect(workspace.read('services/mirror/Dockerfile')).toContain('arc.service.codename="echo"');
    expect(workspace.read('services/mirror/docker-compose.yml')).toContain('127.0.0.1:6390:6390');
    expect(workspace.read('services/mirror/mirror.mk')).toContain('arc_service := mirror\n');
    expect(workspace.read('services/mirror/mirror.conf')).toContain('replicaof arc-cache 6379\n');
  });

  it('is planned with its dependency, which the profile does not name', async () => {
    await stage.succeed(['images', 'build', 'mirrored']);
    expect((await stage.succeed(['plan', 'mirrored'])).stdout.split('\n')).toEqual([
      '+ network arc_platform_net  (no existing network)',
      '+ volume arc-cache-data  (no existing volume)',
      '+ container arc-cache  (no existing container)',
      '+ container arc-mirror  (no existing container)',
    ]);
  });

  it('boots after what it depends on, and status and health know it', async () => {
    const { stdout, stderr } = await stage.succeed(['up', 'mirrored']);
    expect(stderr.indexOf('cache healthy')).toBeGreaterThan(0);
    expect(stderr.indexOf('mirror start')).toBeGreaterThan(stderr.indexOf('cache healthy'));
    expect(stdout).toMatch(/^arc-mirror +echo +\S+ +127\.0\.0\.1:6390$/m);
    expect((await stage.succeed(['status', 'mirror'])).stdout).toMatch(/^arc-mirror +echo +running/m);
    expect((await stage.succeed(['health', 'mirror'])).stdout).toMatch(/✓ +mirror +answers /);
    expect((await stage.succeed(['plan', 'mirrored', '--exit-code'])).stdout).toBe('nothing to do');
  });

  it('does its work: what is written to the cache can be read from it', async () => {
    const redis = (role: string, password: string, ...command: string[]) =>
      stage.arc(['exec', role, 'sh', '-c', `REDISCLI_AUTH=${password} redis-cli ${command.join(' ')}`]);
    expect((await redis('cache', devCredentials.redisPassword, 'set', 'greeting', 'hello')).stdout).toBe(
      'OK',
    );
    await until({
      what: 'the copy of the key',
      ask: async () =>
        (await redis('mirror', 'arc-dev-mirror-password', '-p', '6390', 'get', 'greeting')).stdout ===
        'hello',
    });
  });

  it('has its log shown and followed under its own name', async () => {
    expect((await stage.succeed(['logs', 'mirror'])).stdout).toMatch(/^arc-mirror .*Ready to accept/m);
    const follow = stage.start(['logs', 'mirror', '--follow', '--tail', '0']);
    const line = untilLine(follow.readable(), (each) => each.includes('DB saved on disk'));
    const save = 'REDISCLI_AUTH=arc-dev-mirror-password redis-cli -p 6390 save';
    // Only what is written once arc follows is shown, and nothing tells when that is.
    await until({
      what: 'the line',
      ask: async () => {
        await stage.succeed(['exec', 'mirror', 'sh', '-c', save]);
        return Promise.race([
          line,
          new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined))),
        ]);
      },
    });
    expect(await line).toMatch(/^arc-mirror /);
    follow.kill('SIGINT');
    await follow;
  });

  it('hands on the exit status of what is run in it', async () => {
    expect((await stage.arc(['exec', 'mirror', 'sh', '-c', 'exit 7'])).exitCode).toBe(7);
  });

  it('is completed, and a typo of it corrected', async () => {
    expect((await stage.succeed(['complete', '--', 'up', 'mir'])).stdout).toMatch(/^mirror(ed)?\b/m);
    const { exitCode, stderr } = await stage.arc(['up', 'miror']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('mirror');
  });

  it('is taken down with what depends on it first', async () => {
    const began = new Date();
    const { stdout } = await stage.succeed(['down']);
    // In the order in which their processes ended.
    const ended = (await stage.engine.endings(began)).map((ending) => ending.split(' ')[0]);
    expect(ended.indexOf('arc-mirror')).toBeGreaterThanOrEqual(0);
    expect(ended.indexOf('arc-cache')).toBeGreaterThan(ended.indexOf('arc-mirror'));
    expect(stdout).toMatch(/^Removed .*arc-mirror/);
    expect(await stage.engine.containers()).toEqual({});
  });

  it('is looked at, used and taken down by its labels while its manifest is broken', async () => {
    await stage.succeed(['up', 'mirrored']);
    stage.workspace.edit('services/mirror/service.yaml', 'codename: echo', 'codname: echo');
    const { exitCode, stderr } = await stage.arc(['up', 'mirrored']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('services/mirror/service.yaml:3:1');
    const status = await stage.succeed(['status']);
    expect(status.stderr).toContain('so arc uses the labels of the existing containers');
    expect(status.stderr).toContain('services/mirror/service.yaml:3:1');
    expect(status.stdout).toMatch(/^arc-cache +sonic +running/m);
    expect(status.stdout).toMatch(/^arc-mirror +echo +running .*127\.0\.0\.1:6390/m);
    expect(status.stdout).not.toContain('no manifest describes');
    expect((await stage.succeed(['logs', 'mirror'])).stdout).toMatch(/^arc-mirror .*Ready to accept/m);
    expect((await stage.arc(['exec', 'mirror', 'sh', '-c', 'exit 7'])).exitCode).toBe(7);
    expect((await stage.arc(['logs', 'miror'])).stderr).toContain('did you mean `mirror`?');
    // What it does with data it does only where it knows what it does.
    expect((await stage.arc(['clean', '--yes'])).exitCode).toBe(2);
    const { stdout } = await stage.succeed(['down', 'mirror', '--without', 'cache']);
    expect(stdout).toMatch(/^Removed arc-mirror\. /);
    expect(Object.keys(await stage.engine.containers())).toEqual(['arc-cache']);
    stage.workspace.edit('services/mirror/service.yaml', 'codname: echo', 'codename: echo');
  });

  it('goes on without its folder, is told of as an orphan, and can be named until it is gone', async () => {
    const { workspace } = stage;
    await stage.succeed(['up', 'mirrored']);
    rmSync(workspace.path('services/mirror'), { recursive: true });
    workspace.edit('services/profiles.yaml', profile, '');
    for (const command of ['plan', 'up'])
      expect((await stage.succeed([command, 'cache'])).stderr).toContain(
        'arc-mirror (running) belongs to this project, but no manifest describes it any more',
      );
    const { stdout } = await stage.succeed(['status']);
    expect(stdout).toMatch(/^arc-mirror +echo +running .*127\.0\.0\.1:6390/m);
    expect(stdout).toContain('`arc down mirror` stops and removes it.');
    expect((await stage.succeed(['logs', 'mirror'])).stdout).toMatch(/^arc-mirror .*Ready to accept/m);
    expect((await stage.succeed(['down', 'cache'])).stdout).toBe(
      'Nothing was removed.\narc-cache stays: mirror needs it.',
    );
    expect((await stage.succeed(['down', 'mirror'])).stdout).toMatch(
      /^Removed (arc-cache, arc-mirror|arc-mirror, arc-cache)\. /,
    );
    expect((await stage.arc(['down', 'mirror'])).stderr).toContain('Nothing is called mirror');
  });

  it('is removed with its image by nuke, whose manifest is gone as well', async () => {
    const { workspace } = stage;
    mkdirSync(workspace.path('services/mirror'));
    workspace.write('services/mirror/service.yaml', manifest);
    workspace.write('services/mirror/mirror.conf.liquid', config);
    await stage.succeed(['up', 'mirror']);
    rmSync(workspace.path('services/mirror'), { recursive: true });
    await stage.succeed(['nuke', '--force']);
    expect(await stage.engine.objects()).toEqual([]);
    const images = await stage.engine.docker.listImages({
      filters: { reference: ['ghcr.io/arc-framework/arc-mirror'] },
    });
    expect(images).toEqual([]);
  });
});
