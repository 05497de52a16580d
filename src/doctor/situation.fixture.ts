import { noContracts } from '../contracts/model.ts';
import type { Machine } from '../host/machine.ts';
import type { ProfileManifest, WorkspaceManifest } from '../manifest/model.ts';
import type { RegistryAnswer } from '../registry/ask.ts';
import type { ResolvedContainer, Stack } from '../stack/model.ts';
import type { EngineFacts } from './engine-facts.ts';
import type { Situation } from './situation.ts';

// Facts for tests: a good machine with a running Engine and the profile think. Each test changes what it is about.

export const gigabyte = 1024 ** 3;

export const goodEngine: EngineFacts = {
  version: '20.10.24',
  apiVersion: '1.41',
  address: 'unix:///var/run/docker.sock',
  local: true,
  sameKernel: true,
  dataRoot: '/var/lib/docker',
  imageRoot: '/var/lib/docker',
  memory: 8 * gigabyte,
  cpus: 4,
  running: [],
};

export function machine(changes: Partial<Machine> = {}): Machine {
  return {
    system: {
      platform: 'linux',
      name: 'Debian GNU/Linux 12 (bookworm)',
      debian: true,
      root: true,
      systemd: false,
    },
    nodeVersion: '24.21.0',
    memory: () => ({ total: 8 * gigabyte, available: 6 * gigabyte, limited: false }),
    cpus: () => 4,
    freeDisk: () => 50 * gigabyte,
    writeObstacle: () => undefined,
    sysctl: () => 5_000_000,
    program: (name) => `/usr/bin/${name}`,
    answer: async () => '26.1',
    portHolders: async () => [],
    ...changes,
  };
}

export function situation(changes: Partial<Situation> = {}): Situation {
  return {
    environment: { LANG: 'C.UTF-8', HOME: '/home/me' },
    columns: 80,
    machine: machine(),
    engine: goodEngine,
    workspace: { root: '/home/me/stack', manifest: workspaceManifest, stack: stack() },
    registries: async () => [answering('docker.io')],
    udpBuffers: [{ least: 2_500_000, advised: 5_000_000, consequence: 'LiveKit loses packets under load' }],
    ...changes,
  };
}

export function answering(registry: string): RegistryAnswer {
  return { registry, answers: true };
}

export const workspaceManifest: WorkspaceManifest = {
  project: 'arc',
  names: 'manifest',
  ports: { offset: 0 },
  network: 'arc_platform_net',
  bases: 'auto',
  base_overrides: {},
  flavours: 'auto',
  flavour_overrides: {},
  mirrors: {},
  settings: {},
  default_profile: 'think',
};

const think: ProfileManifest = {
  name: 'think',
  description: '',
  services: ['realtime'],
  production: false,
  needs: { cpus: 2, disk: 4 * gigabyte },
  location: { file: 'services/profiles.yaml', line: 1, column: 1 },
};

export function stack(changes: Partial<Stack> = {}): Stack {
  return {
    inFlavours: () => stack(changes),
    project: 'arc',
    network: 'arc_platform_net',
    selection: ['think'],
    roles: new Set(['realtime']),
    profile: think,
    containers: [realtime],
    volumes: [],
    layers: [['realtime']],
    criticalPath: ['realtime'],
    refused: [],
    warnings: [],
    keep: [],
    secrets: [],
    settings: {},
    contracts: noContracts,
    ...changes,
  };
}

const realtime: ResolvedContainer = {
  kind: 'service',
  role: 'realtime',
  name: 'arc-realtime',
  service: 'realtime',
  codename: 'daredevil',
  tech: 'livekit',
  description: '',
  image: {
    reference: 'ghcr.io/arc-framework/arc-realtime:latest',
    upstream: 'docker.io/livekit/livekit-server:v1.13.5',
    recipe: [
      { kind: 'debian', suite: 'bookworm', packages: ['busybox-static'], variant: 'extract', links: {} },
      {
        kind: 'go',
        package: 'github.com/livekit/livekit-server/cmd/server',
        version: 'v1.13.5',
        target: '/livekit-server',
        replace: {},
        tags: [],
      },
    ],
    user: '65532:65532',
    owned: [],
    dockerfile: 'Dockerfile',
    folder: 'services/realtime',
    labels: {},
  },
  environment: {},
  config: [],
  folders: [],
  volumes: [],
  tmpfs: [],
  aliases: [],
  ports: [
    {
      name: 'http',
      container: { first: 7880, last: 7880 },
      host: { first: 7880, last: 7880 },
      protocol: 'tcp',
      bind: '127.0.0.1',
      purpose: 'API',
    },
    {
      name: 'media',
      container: { first: 50100, last: 50200 },
      host: { first: 50100, last: 50200 },
      protocol: 'udp',
      bind: '0.0.0.0',
      purpose: 'media',
    },
  ],
  innerPorts: [],
  user: '65532:65532',
  readOnly: true,
  capAdd: [],
  resources: { memory: gigabyte },
  restart: 'unless-stopped',
  stop: { signal: 'SIGTERM', graceSeconds: 10 },
  dependsOn: [],
  health: { kind: 'exit', timeoutSeconds: 1 },
  provision: [],
  checks: [],
};
