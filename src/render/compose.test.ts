import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { container, location, manifests, port, service } from '../../tests/fixtures/manifests.ts';
import { generateArtefacts } from './generate.ts';
import { compose, text } from './platform.fixture.ts';

describe('compose file', () => {
  test('includes the services that it needs, and no others', () => {
    expect(load(text('services/realtime/docker-compose.yml'))).toMatchObject({
      name: 'arc',
      include: ['../cache/docker-compose.yml', '../storage/docker-compose.yml'],
      networks: { arc_platform_net: { external: true } },
    });
    expect(load(text('services/cache/docker-compose.yml'))).not.toHaveProperty('include');
  });

  test('has its start_interval beside it, for all that it brings along and that has a health check', () => {
    const services = (service: string) =>
      (load(text(`services/${service}/docker-compose.start-interval.yml`)) as { services: object }).services;
    const health = { healthcheck: { start_interval: '250ms' } };
    expect(services('storage')).toEqual({ storage: health });
    expect(services('realtime')).toEqual({
      cache: health,
      realtime: health,
      'realtime-egress': health,
      storage: health,
    });
    expect(text('services/realtime/docker-compose.yml')).not.toContain('start_interval');
  });

  test('waits for health, and for the end of a job; restarts with what its manifest names', () => {
    expect(compose('realtime', 'realtime-egress').depends_on).toEqual({
      realtime: { condition: 'service_healthy', restart: true },
      'storage-buckets': { condition: 'service_completed_successfully' },
    });
  });

  test('has no health check where the manifest has none, and does not wait for what cannot be seen', () => {
    const { command: _, ...health } = container({ role: 'traces' }).health;
    const generated = generateArtefacts({
      manifests: manifests({
        services: [service({ role: 'traces', health }), service({ role: 'app', needs: ['traces!'] })],
      }),
      templates: new Map(),
      services: [],
    });
    const file = (path: string) =>
      load(generated.find((artefact) => artefact.path === path)?.text ?? '') as {
        services: Record<string, unknown>;
      };
    expect(file('services/traces/docker-compose.yml').services.traces).toMatchObject({
      healthcheck: { disable: true },
    });
    expect(file('services/app/docker-compose.yml').services.app).toMatchObject({
      depends_on: { traces: { condition: 'service_started', restart: true } },
    });
    expect(Object.keys(file('services/app/docker-compose.start-interval.yml').services)).toEqual(['app']);
    expect(generated.map(({ path }) => path)).not.toContain(
      'services/traces/docker-compose.start-interval.yml',
    );
  });

  test('starts a container beside what it needs only to become ready', () => {
    const generated = generateArtefacts({
      manifests: manifests({
        services: [service({ role: 'server' }), service({ role: 'app', needs: ['server>'] })],
      }),
      templates: new Map(),
      services: [],
    });
    const text = generated.find(({ path }) => path === 'services/app/docker-compose.yml')?.text ?? '';
    expect(load(text)).toMatchObject({
      services: { app: { depends_on: { server: { condition: 'service_started' } } } },
    });
  });

  test('leaves a setting to the environment; other dollar signs stand for themselves', () => {
    expect(compose('realtime', 'realtime').environment).toEqual({
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Compose
      NODE_IP: '${LIVEKIT_NODE_IP:-127.0.0.1}',
      PRICE: '$$5',
    });
  });

  test('binds TCP to the loopback address and media to all', () => {
    expect(compose('realtime', 'realtime').ports).toEqual([
      '127.0.0.1:7880:7880/tcp',
      '0.0.0.0:50100-50200:50100-50200/udp',
    ]);
  });

  test('leaves it to the environment where public ports are bound', () => {
    const ports = [port({ name: 'http', number: 443, public: true })];
    const [, gateway] = filesOf(service({ role: 'gateway', ports }));
    expect(gateway).toMatchObject({
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Compose
      ports: ['${ARC_PUBLIC_BIND:-127.0.0.1}:443:443/tcp'],
    });
  });

  test('has aliases, limits and the log driver of its manifest', () => {
    const [, app] = filesOf(
      service({
        role: 'app',
        aliases: ['scarlett'],
        resources: { ulimits: { nofile: { soft: 1024, hard: 4096 } } },
        logging: { driver: 'local', options: { tag: '$x' } },
      }),
    );
    expect(app).toMatchObject({
      networks: { arc_platform_net: { aliases: ['scarlett'] } },
      ulimits: { nofile: { soft: 1024, hard: 4096 } },
      logging: { driver: 'local', options: { tag: '$$x' } },
    });
  });

  test('mounts folders as a whole: rendered ones like configuration, others from where they are', () => {
    const folder = (name: string) => ({
      folder: name,
      target: `/${name}`,
      follows: false,
      location: location(),
    });
    const generated = generateArtefacts({
      manifests: manifests({
        services: [service({ role: 'logs', folders: [folder('rules'), folder('pages')] })],
      }),
      templates: new Map([
        ['services/logs/rules/a.yaml.liquid', 'a: 1\n'],
        ['services/logs/pages/a.json', '{}'],
      ]),
      services: [],
    });
    const text = (path: string) => generated.find((artefact) => artefact.path === path)?.text ?? '';
    const { services } = load(text('services/logs/docker-compose.yml')) as {
      services: { logs: { volumes: { source: string; target: string }[] } };
    };
    expect(services.logs.volumes.map(({ source, target }) => `${source} at ${target}`)).toEqual([
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Compose
      '${ARC_CONFIG_DIR:-..}/logs/rendered/rules at /rules',
      './pages at /pages',
    ]);
    expect(text('services/logs/rendered/rules/a.yaml')).toContain('\na: 1\n');
    expect(text('services/logs/pages/a.json')).toBe('');
  });

  test('mounts configuration read-only, from a folder that can be replaced', () => {
    expect(compose('cache', 'cache').volumes).toEqual([
      'arc-cache-data:/var/lib/redis',
      {
        type: 'bind',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Compose
        source: '${ARC_CONFIG_DIR:-..}/cache/redis.conf',
        target: '/etc/arc/redis.conf',
        read_only: true,
        bind: { create_host_path: `\${ARC_SELINUX:-false}`, selinux: 'z' },
      },
    ]);
  });

  test('sizes in the largest whole unit', () => {
    expect(compose('cache', 'cache')).toMatchObject({
      mem_limit: '256m',
      cpus: 1.5,
      pids_limit: 100,
      shm_size: '64000b',
    });
  });

  test('no container may gain privileges, unless its manifest gives it capabilities', () => {
    const security_opt = ['no-new-privileges=true'];
    for (const [service, role] of [
      ['cache', 'cache'],
      ['storage', 'storage-buckets'],
    ] as const)
      expect(compose(service, role)).toMatchObject({ security_opt });
    expect(compose('realtime', 'realtime-egress').cap_add).toEqual(['SYS_ADMIN']);
    expect(compose('realtime', 'realtime-egress')).not.toHaveProperty('security_opt');
  });

  test('a job runs once in the image of its service', () => {
    expect(compose('storage', 'storage-buckets')).toMatchObject({
      image: 'ghcr.io/arc-framework/arc-storage:latest',
      restart: 'no',
      tmpfs: ['/tmp:uid=65532,gid=65532'],
    });
    expect(compose('storage', 'storage-buckets')).not.toHaveProperty('build');
  });
});

describe('the first lines of a compose file', () => {
  test('say what the service is, and document every setting and secret', () => {
    const realtimeFile = text('services/realtime/docker-compose.yml');
    expect(realtimeFile).toContain('# arc-realtime (realtime-code): The server, $5 "quoted".\n');
    expect(realtimeFile).toMatch(/# {3}LIVEKIT_NODE_IP\n# +The server's address\. Default: 127\.0\.0\.1\./);
    expect(realtimeFile).toMatch(
      /# {3}ARC_MEDIA\n# +A setting\. Default: range\. One of range, mux\. With arc/,
    );
    expect(text('services/cache/docker-compose.yml')).toMatch(/# {3}REDIS_PASSWORD\n# +A secret\.\n/);
  });
});

describe('how to bring a service up without arc', () => {
  test('one command, where every job is awaited by a container', () => {
    expect(text('services/realtime/docker-compose.yml')).toContain(
      '#               docker compose up --detach --wait\n#\n',
    );
  });

  test('a job that nothing waits for is run by a command of its own', () => {
    expect(text('services/storage/docker-compose.yml')).toContain(
      '#               docker compose up --detach --wait storage\n#               docker compose up --no-deps storage-buckets\n#\n',
    );
  });
});

/** The text of the compose file of one service by itself, and its container. */
function filesOf(one: ReturnType<typeof service>): [text: string, container: unknown] {
  const generated = generateArtefacts({
    manifests: manifests({ services: [one] }),
    templates: new Map(),
    services: [],
  });
  const file = generated.find(({ path }) => path.endsWith('/docker-compose.yml'))?.text ?? '';
  return [file, (load(file) as { services: Record<string, unknown> }).services[one.role]];
}
