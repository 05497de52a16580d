import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import {
  container,
  job,
  manifests,
  port,
  release,
  secret,
  service,
  setting,
} from '../../tests/fixtures/manifests.ts';
import { Secret } from '../secret.ts';
import { resolveStack } from '../stack/resolve.ts';
import { noChoices } from '../stack/settings.ts';
import { runtimeConfig } from './config.ts';
import { generateArtefacts } from './generate.ts';
import { isIntact } from './header.ts';

const cache = service({
  role: 'cache',
  upstream: 'docker.io/library/redis:7.4',
  config: [{ template: 'redis.conf.liquid', file: 'redis.conf', target: '/etc/arc/redis.conf' }],
  volumes: [{ name: 'data', target: '/var/lib/redis' }],
  resources: { memory: 256 * 1024 ** 2, cpus: 1.5, pids: 100, shm: 64_000 },
  secrets: { redis_password: secret({ dev: 'dev-redis-password', env: 'REDIS_PASSWORD' }) },
});
const storage = service({
  role: 'storage',
  jobs: [job({ role: 'storage-buckets', needs: ['storage'], tmpfs: ['/tmp'] })],
});
const realtime = service({
  role: 'realtime',
  needs: ['cache?'],
  description: 'The server, $5 "quoted".',
  ports: [
    port({ name: 'http', number: 7880 }),
    port({ name: 'media', number: 50100, last: 50200, protocol: 'udp', bind: '0.0.0.0' }),
  ],
  environment: { NODE_IP: '{{ settings.node_ip }}', PRICE: '$5' },
  settings: {
    media: setting({ default: 'range', values: ['range', 'mux'], env: 'ARC_MEDIA' }),
    node_ip: setting({
      description: "The server's address.",
      default: '127.0.0.1',
      kind: 'address',
      env: 'LIVEKIT_NODE_IP',
    }),
  },
  sidecars: [
    container({ role: 'realtime-egress', needs: ['realtime!', 'storage-buckets'], cap_add: ['SYS_ADMIN'] }),
  ],
});
const platform = manifests({ services: [cache, storage, realtime] });
const templates = new Map([
  ['services/cache/redis.conf.liquid', 'requirepass {{ secrets.redis_password | redis }}\n'],
]);

const artefacts = generateArtefacts({ manifests: platform, templates, services: [] });

function text(path: string): string {
  const found = artefacts.find((artefact) => artefact.path === path);
  if (found === undefined) throw new Error(`no ${path}`);
  return found.text;
}

function compose(service: string, role: string): Record<string, unknown> {
  const file = load(text(`services/${service}/docker-compose.yml`)) as {
    services: Record<string, Record<string, unknown>>;
  };
  return file.services[role] ?? {};
}

describe('what is generated', () => {
  test('the files of each service, in order of path', () => {
    expect(artefacts.map(({ path }) => path)).toEqual([
      'services/arc.mk',
      'services/cache/Dockerfile',
      'services/cache/cache.mk',
      'services/cache/docker-compose.start-interval.yml',
      'services/cache/docker-compose.yml',
      'services/cache/redis.conf',
      'services/realtime/Dockerfile',
      'services/realtime/Dockerfile.egress',
      'services/realtime/docker-compose.start-interval.yml',
      'services/realtime/docker-compose.yml',
      'services/realtime/realtime.mk',
      'services/storage/Dockerfile',
      'services/storage/docker-compose.start-interval.yml',
      'services/storage/docker-compose.yml',
      'services/storage/storage.mk',
    ]);
  });

  test('each with its header', () => {
    expect(artefacts.filter((artefact) => !isIntact(artefact.text))).toEqual([]);
  });

  test('the same again, in whatever order the manifests come', () => {
    const turned = { ...platform, services: platform.services.toReversed() };
    expect(generateArtefacts({ manifests: turned, templates, services: [] })).toEqual(artefacts);
  });

  test('of one service and what all services share, where one is named', () => {
    const some = generateArtefacts({ manifests: platform, templates, services: ['cache'] });
    expect(some).toEqual(
      artefacts.filter(({ path }) => path.startsWith('services/cache/') || path === 'services/arc.mk'),
    );
    expect(() => generateArtefacts({ manifests: platform, templates, services: ['cahce'] })).toThrow(
      'No service is called cahce.',
    );
  });

  test('an address that is looked up on each machine is not in it', () => {
    const lan = manifests({ services: platform.services, settings: { node_ip: 'lan' } });
    expect(generateArtefacts({ manifests: lan, templates, services: [] })).toEqual(artefacts);
  });

  test('nothing, where there are no services', () => {
    expect(generateArtefacts({ manifests: manifests({ services: [] }), templates, services: [] })).toEqual(
      [],
    );
  });

  test('services that need each other are refused', () => {
    const circle = manifests({
      services: [
        service({ role: 'a', needs: ['b'] }),
        service({ role: 'b', sidecars: [container({ role: 'b-side', needs: ['a'] })] }),
      ],
    });
    expect(() => generateArtefacts({ manifests: circle, templates, services: [] })).toThrow(
      'wait for each other',
    );
  });
});

describe('Dockerfile', () => {
  test('a thin wrapper around a base that can be replaced, with labels and a numeric user', () => {
    expect(text('services/realtime/Dockerfile').split('\n').slice(2).join('\n')).toBe(
      `ARG BASE_IMAGE=docker.io/library/realtime:1

FROM \${BASE_IMAGE}
ARG BASE_IMAGE
LABEL arc.service.codename="realtime-code" \\
      arc.service.name="arc-realtime" \\
      arc.service.role="realtime" \\
      arc.service.tech="tech" \\
      org.opencontainers.image.base.name="\${BASE_IMAGE}" \\
      org.opencontainers.image.description="The server, \\$5 \\"quoted\\"." \\
      org.opencontainers.image.title="arc-realtime"
USER 65532:65532
`,
    );
  });

  test('says where it is from and under which licences, where that is known', () => {
    const known = manifests({
      services: [service({ role: 'cache', licenses: 'LicenseRef-RSALv2 OR SSPL-1.0' })],
      release: release({ repository: 'https://github.com/owner/name' }),
    });
    const dockerfile = generateArtefacts({ manifests: known, templates: new Map(), services: [] }).find(
      ({ path }) => path === 'services/cache/Dockerfile',
    );
    expect(dockerfile?.text).toContain('image.licenses="LicenseRef-RSALv2 OR SSPL-1.0" \\\n');
    expect(dockerfile?.text).toContain('image.source="https://github.com/owner/name" \\\n');
  });

  test('a folder for data belongs to the user, and its parents stay as they are', () => {
    expect(text('services/cache/Dockerfile')).toContain('WORKDIR /owned/0/redis\n');
    expect(text('services/cache/Dockerfile')).toContain(
      'COPY --from=owned --chown=65532:65532 /owned/0/ /var/lib/\n',
    );
  });
});

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
      tmpfs: ['/tmp'],
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

describe('make fragment', () => {
  test('says what a service consists of; what its targets do is in the shared file', () => {
    expect(
      text('services/realtime/realtime.mk').split('\n').slice(2).join('\n'),
    ).toBe(`arc_service := realtime
realtime_folder := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
realtime_services := realtime realtime-egress
realtime_containers := arc-realtime arc-realtime-egress
realtime_stop := arc-realtime-egress arc-realtime
realtime_builds := ${[
      'ghcr.io/arc-framework/arc-realtime:latest|Dockerfile|ARC_REALTIME_BASE',
      'ghcr.io/arc-framework/arc-realtime-egress:latest|Dockerfile.egress|ARC_REALTIME_EGRESS_BASE',
    ].join(' ')}
realtime-egress_containers := arc-realtime-egress
include $(realtime_folder)/../arc.mk
`);
  });

  test('has jobs and data where the service has them', () => {
    expect(text('services/storage/storage.mk')).toContain('storage_jobs := storage-buckets\n');
    expect(text('services/cache/cache.mk')).toContain('cache_volumes := arc-cache-data\n');
  });
});

describe('shared make file', () => {
  /** @param options.programs that the targets are carried out with; else it is told what they would do */
  const makeIn = async (options: {
    arc: boolean;
    targets: readonly string[];
    programs?: Readonly<Record<string, string>>;
  }) => {
    const { programs } = options;
    const folder = mkdtempSync(join(tmpdir(), 'arc-make-'));
    try {
      for (const { path, text } of artefacts) {
        mkdirSync(join(folder, dirname(path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      writeFileSync(join(folder, 'Makefile'), 'include $(wildcard services/*/*.mk)\n');
      for (const [name, script] of Object.entries(programs ?? {}))
        writeFileSync(join(folder, name), script, { mode: 0o755 });
      const { stdout } = await execa(
        'make',
        [
          ...(programs ? [] : ['--dry-run']),
          '--no-print-directory',
          options.arc ? 'ARC=/bin/true' : 'ARC=',
          ...options.targets,
        ],
        { cwd: folder, env: programs ? { PATH: `${folder}:${process.env.PATH}` } : {} },
      );
      return stdout.split('\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  test('calls arc for a service and for one of its containers', async () => {
    const targets = ['realtime-up', 'realtime-egress-down', 'cache-health', 'storage-logs', 'build-all'];
    expect(await makeIn({ arc: true, targets })).toEqual([
      '/bin/true up realtime ',
      '/bin/true down realtime-egress',
      '/bin/true health cache',
      '/bin/true logs storage --follow',
      '/bin/true build cache ',
      '/bin/true build realtime ',
      '/bin/true build storage ',
    ]);
  });

  /** A Docker of this API version, and a Compose that says how it is called, or knows no `start_interval`. */
  const programsOf = ({ api, knows }: { api: string; knows: boolean }) => ({
    docker: `#!/bin/sh\n[ "$1" != version ] || echo '${api}'\n`,
    compose: `#!/bin/sh\n[ "$5" != config ] || exit ${knows ? 0 : 1}\necho "compose $*"\n`,
  });

  test('without arc starts what stays, then runs each job to its end', async () => {
    const programs = programsOf({ api: '1.41', knows: true });
    const targets = ['storage-up', 'DOCKER_COMPOSE=compose'];
    expect(await makeIn({ arc: false, targets, programs })).toEqual([
      'compose --file services/storage/docker-compose.yml up --detach --wait storage',
      'compose --file services/storage/docker-compose.yml up --no-deps --exit-code-from storage-buckets storage-buckets',
    ]);
  });

  test.each([
    { api: '1.41', knows: true, files: '' },
    { api: '1.44', knows: true, files: ' --file services/cache/docker-compose.start-interval.yml' },
    { api: '1.56', knows: true, files: ' --file services/cache/docker-compose.start-interval.yml' },
    { api: '1.56', knows: false, files: '' },
    { api: '', knows: true, files: '' },
  ])(
    'sets start_interval where the Engine (API $api) and Compose know it: $knows',
    async ({ api, knows, files }) => {
      const programs = programsOf({ api, knows });
      expect(await makeIn({ arc: false, targets: ['cache-up', 'DOCKER_COMPOSE=compose'], programs })).toEqual(
        [`compose --file services/cache/docker-compose.yml${files} up --detach --wait cache`],
      );
    },
  );

  test('without arc builds each image on a base that can be replaced', async () => {
    const [line] = await makeIn({ arc: false, targets: ['realtime-build', 'ARC_REALTIME_BASE=mine:1'] });
    expect(line?.split(' && ')).toEqual([
      'docker build --build-arg BASE_IMAGE=mine:1 --tag ghcr.io/arc-framework/arc-realtime:latest --file services/realtime/Dockerfile services/realtime',
      'docker build  --tag ghcr.io/arc-framework/arc-realtime-egress:latest --file services/realtime/Dockerfile.egress services/realtime',
      'true',
    ]);
  });

  test('names what is lost before it asks', async () => {
    const lines = (await makeIn({ arc: false, targets: ['cache-clean'] })).join('\n');
    expect(lines).toContain("'the containers arc-cache and THE DATA in arc-cache-data'");
    expect(lines).toContain('docker volume rm --force arc-cache-data');
  });

  test('tags and pushes every image by the version that is given, and asks for one', async () => {
    const lines = (await makeIn({ arc: false, targets: ['realtime-push', 'VERSION=v0.1.0'] })).join('\n');
    expect(lines).toContain(
      'for image in ghcr.io/arc-framework/arc-realtime-egress:latest ghcr.io/arc-framework/arc-realtime:latest;',
    );
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expansion of the shell
    expect(lines).toContain('docker push ${image%:*}:v0.1.0');
    expect((await makeIn({ arc: true, targets: ['realtime-tag'] })).join('\n')).toContain('which version?');
  });
});

describe('config files', () => {
  const options = {
    manifests: platform,
    templates,
    selection: ['realtime'],
    without: [],
    settings: noChoices,
  };

  test('with development secrets they are the committed ones', () => {
    const stack = resolveStack({ ...options, secrets: new Map() });
    expect(runtimeConfig(stack)).toEqual(
      artefacts.filter(({ path }) => path === 'services/cache/redis.conf'),
    );
  });

  test('with a real one they are in the private folder, and the others beside them, to make a whole set', () => {
    const plain = service({
      role: 'plain',
      config: [{ template: 'p.liquid', file: 'plain.conf', target: '/p' }],
    });
    const files = runtimeConfig(
      resolveStack({
        ...options,
        manifests: manifests({ services: [...platform.services, plain] }),
        templates: new Map([...templates, ['services/plain/p.liquid', 'plain\n']]),
        selection: ['cache', 'plain'],
        secrets: new Map([['redis_password', new Secret('real-redis-password')]]),
      }),
    );
    expect(files.map(({ path }) => path)).toEqual([
      '.arc/config/cache/redis.conf',
      'services/plain/plain.conf',
      '.arc/config/plain/plain.conf',
    ]);
    expect(files[0]?.text).toContain('requirepass "real-redis-password"\n');
  });
});
