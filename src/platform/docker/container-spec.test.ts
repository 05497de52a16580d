import { describe, expect, test } from 'vitest';
import { needs, testContainer, testJob } from '../../../tests/fixtures/stacks.ts';
import { Secret } from '../../core/secret.ts';
import type { ResolvedContainer } from '../../stack/model.ts';
import { type ContainerSpec, containerSpec } from './container-spec.ts';

const owner = { id: '0123456789abcdef', folder: '/workspace', host: 'laptop1' };
const hash = { whole: '1:abc', parts: { image: '9c1f', command: '77ab' } };

function specOf(container: ResolvedContainer): ContainerSpec {
  return containerSpec({
    container,
    hash,
    booted: ['realtime', 'realtime-egress'],
    project: 'arc',
    network: 'arc_platform_net',
    root: '/workspace',
    owner,
  });
}

const realtime = testContainer({
  role: 'realtime',
  entrypoint: ['/livekit-server'],
  command: ['--config', '/etc/livekit.yaml'],
  environment: { NODE_IP: '127.0.0.1' },
  config: [
    {
      file: 'services/realtime/livekit.yaml',
      template: 'services/realtime/livekit.yaml.liquid',
      target: '/etc/livekit.yaml',
      content: new Secret('keys: { devkey: a-secret-that-must-stay-inside }'),
    },
  ],
  volumes: [{ volume: 'arc-data', target: '/data' }],
  tmpfs: ['/tmp'],
  ports: [
    port({ container: [7880, 7880], host: [7880, 7880], protocol: 'tcp', bind: '127.0.0.1' }),
    port({ container: [50100, 50102], host: [60100, 60102], protocol: 'udp', bind: '0.0.0.0' }),
  ],
  dependsOn: [...needs('cache'), { role: 'buckets', condition: 'completed' }],
  resources: { memory: 1_073_741_824, cpus: 1.5, pids: 100, shm: 67_108_864 },
  capAdd: ['CAP_SYS_ADMIN'],
});

function port(options: {
  container: [number, number];
  host: [number, number];
  protocol: 'tcp' | 'udp';
  bind: string;
}): ResolvedContainer['ports'][number] {
  const range = ([first, last]: [number, number]) => ({ first, last });
  const { container, host, protocol, bind } = options;
  return { name: 'x', container: range(container), host: range(host), protocol, bind, purpose: 'test' };
}

describe('what the Engine is asked to create', () => {
  test('has every field of a container', () => {
    const { Labels: _, ...spec } = specOf(realtime);
    expect(spec).toEqual({
      Image: 'ghcr.io/arc-framework/arc-realtime:latest',
      Hostname: 'arc-realtime',
      User: '65532:65532',
      AttachStdout: true,
      AttachStderr: true,
      Entrypoint: ['/livekit-server'],
      Cmd: ['--config', '/etc/livekit.yaml'],
      Env: ['NODE_IP=127.0.0.1'],
      ExposedPorts: { '7880/tcp': {}, '50100/udp': {}, '50101/udp': {}, '50102/udp': {} },
      StopSignal: 'SIGTERM',
      StopTimeout: 10,
      Healthcheck: {
        Test: ['CMD', 'true'],
        Interval: 10_000_000_000,
        Timeout: 5_000_000_000,
        StartPeriod: 0,
        Retries: 3,
      },
      HostConfig: {
        Binds: ['arc-data:/data:rw'],
        Mounts: [
          {
            Type: 'bind',
            Source: '/workspace/services/realtime/livekit.yaml',
            Target: '/etc/livekit.yaml',
            ReadOnly: true,
          },
        ],
        Tmpfs: { '/tmp': 'uid=65532,gid=65532' },
        CapAdd: ['CAP_SYS_ADMIN'],
        NetworkMode: 'arc_platform_net',
        PortBindings: {
          '7880/tcp': [{ HostIp: '127.0.0.1', HostPort: '7880' }],
          '50100/udp': [{ HostIp: '0.0.0.0', HostPort: '60100' }],
          '50101/udp': [{ HostIp: '0.0.0.0', HostPort: '60101' }],
          '50102/udp': [{ HostIp: '0.0.0.0', HostPort: '60102' }],
        },
        ReadonlyRootfs: true,
        RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 0 },
        OomKillDisable: false,
        Memory: 1_073_741_824,
        NanoCpus: 1_500_000_000,
        PidsLimit: 100,
        ShmSize: 67_108_864,
      },
      NetworkingConfig: {
        EndpointsConfig: { arc_platform_net: { Aliases: ['arc-realtime', 'realtime'] } },
      },
    });
  });

  test('has labels that Docker Compose and a later arc find it by', () => {
    expect(specOf(realtime).Labels).toEqual({
      'arc.project': 'arc',
      'arc.workspace': '0123456789abcdef',
      'arc.workspace.folder': '/workspace',
      'arc.workspace.host': 'laptop1',
      'arc.role': 'realtime',
      'arc.service': 'realtime',
      'arc.codename': 'realtime',
      'arc.kind': 'service',
      'arc.hash': '1:abc',
      'arc.hash.parts': 'command=77ab,image=9c1f',
      'arc.depends-on': 'cache,buckets',
      'arc.boot': 'realtime,realtime-egress',
      'arc.stop.grace-seconds': '10',
      'com.docker.compose.project': 'arc',
      'com.docker.compose.service': 'realtime',
      'com.docker.compose.config-hash': '1:abc',
      'com.docker.compose.container-number': '1',
      'com.docker.compose.oneoff': 'False',
      'com.docker.compose.project.working_dir': '/workspace/services/realtime',
      'com.docker.compose.project.config_files': '/workspace/services/realtime/docker-compose.yml',
      'com.docker.compose.depends_on':
        'cache:service_healthy:false,buckets:service_completed_successfully:false',
    });
  });

  test('has no health check where arc alone asks, not even that of its base', () => {
    const { command: _, ...health } = { command: undefined, ...realtime.health };
    const spec = specOf({
      ...realtime,
      health,
      dependsOn: [{ role: 'traces', condition: 'healthy', unchecked: true }],
    });
    expect(spec.Healthcheck).toEqual({ Test: ['NONE'] });
    expect(spec.Labels?.['com.docker.compose.depends_on']).toBe('traces:service_started:false');
  });

  test('has its aliases, limits and log driver where it has any', () => {
    const spec = specOf({
      ...realtime,
      aliases: ['daredevil', 'livekit.arc.internal'],
      resources: { ulimits: { memlock: { soft: -1, hard: -1 }, nofile: { soft: 1024, hard: 65536 } } },
      logging: { driver: 'local', options: { 'max-size': '4m' } },
    });
    expect(spec.NetworkingConfig?.EndpointsConfig?.arc_platform_net?.Aliases).toEqual([
      'arc-realtime',
      'realtime',
      'daredevil',
      'livekit.arc.internal',
    ]);
    expect(spec.HostConfig).toMatchObject({
      Ulimits: [
        { Name: 'memlock', Soft: -1, Hard: -1 },
        { Name: 'nofile', Soft: 1024, Hard: 65536 },
      ],
      LogConfig: { Type: 'local', Config: { 'max-size': '4m' } },
    });
  });

  test('holds no secret of a mounted file', () => {
    expect(JSON.stringify(specOf(realtime))).not.toContain('a-secret-that-must-stay-inside');
  });

  test('may gain no privileges, unless its manifest gives it capabilities', () => {
    expect(specOf({ ...realtime, capAdd: [] }).HostConfig?.SecurityOpt).toEqual(['no-new-privileges=true']);
    expect(specOf(realtime).HostConfig).not.toHaveProperty('SecurityOpt');
  });

  test('leaves out what the container does not have', () => {
    const spec = specOf(testJob({ role: 'job' }));
    expect(spec).not.toHaveProperty('Healthcheck');
    expect(spec).not.toHaveProperty('Entrypoint');
    expect(spec.HostConfig).not.toHaveProperty('Memory');
    expect(spec.HostConfig).not.toHaveProperty('Binds');
    expect(spec.HostConfig?.RestartPolicy).toEqual({ Name: 'no', MaximumRetryCount: 0 });
  });

  test('publishes one port of the container on two ports of the host', () => {
    const ports = [
      port({ container: [80, 80], host: [8001, 8001], protocol: 'tcp', bind: '127.0.0.1' }),
      port({ container: [80, 80], host: [8002, 8002], protocol: 'tcp', bind: '127.0.0.1' }),
    ];
    expect(specOf(testContainer({ role: 'web', ports })).HostConfig?.PortBindings).toEqual({
      '80/tcp': [
        { HostIp: '127.0.0.1', HostPort: '8001' },
        { HostIp: '127.0.0.1', HostPort: '8002' },
      ],
    });
  });
});

describe('on an Engine with SELinux', () => {
  test('config files are mounted with the label that every container may read', () => {
    const { HostConfig } = containerSpec({
      container: realtime,
      hash,
      project: 'arc',
      network: 'arc_platform_net',
      root: '/workspace',
      owner,
      booted: ['realtime'],
      selinux: true,
    });
    expect(HostConfig?.Mounts).toBeUndefined();
    expect(HostConfig?.Binds).toEqual([
      'arc-data:/data:rw',
      '/workspace/services/realtime/livekit.yaml:/etc/livekit.yaml:ro,z',
    ]);
  });
});
