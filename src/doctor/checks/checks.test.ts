import { describe, expect, test } from 'vitest';
import { invalid, prerequisite } from '../../core/errors.ts';
import type { WantedPort } from '../../host/port.ts';
import type { Check } from '../check.ts';
import { describeRepairs } from '../repairs.ts';
import {
  answering,
  gigabyte,
  goodEngine,
  machine,
  situation,
  stack,
  workspaceManifest,
} from '../situation.fixture.ts';
import type { Situation } from '../situation.ts';
import { clockCheck } from './clock.ts';
import { cpuCheck } from './cpus.ts';
import { diskCheck } from './disk.ts';
import { engineCheck } from './engine.ts';
import { memoryCheck } from './memory.ts';
import { nodeCheck } from './node.ts';
import { portCheck } from './ports.ts';
import { registryCheck } from './registry.ts';
import { terminalCheck } from './terminal.ts';
import { toolCheck } from './tools.ts';
import { udpBufferCheck } from './udp-buffers.ts';
import { udpRangeCheck } from './udp-range.ts';
import { workspaceCheck } from './workspace.ts';

/** What a person reads of a check's findings, a line each. */
async function read(check: Check, changes: Partial<Situation> = {}): Promise<readonly string[]> {
  const findings = await check.examine(situation(changes));
  return findings.map((finding) =>
    'problem' in finding
      ? `${finding.state} ${finding.problem.code}: ${finding.problem.message} → ${finding.problem.suggestion}${finding.repair ? ` [${describeRepairs([finding.repair])}]` : ''}`
      : `${finding.state}: ${finding.summary}`,
  );
}

const system = machine().system;
const noEngine = prerequisite({
  code: 'no-engine',
  message: 'No Docker Engine answers.',
  detail: ['system socket, unix:///var/run/docker.sock: is not there'],
  suggestion: 'Run `arc doctor --fix`.',
});

describe('Node.js', () => {
  test('is new enough', async () => {
    expect(await read(nodeCheck)).toEqual(['ok: Node.js 24.21.0']);
    expect(await read(nodeCheck, { machine: machine({ nodeVersion: '22.22.0' }) })).toEqual([
      'ok: Node.js 22.22.0',
    ]);
  });

  test('is too old', async () => {
    expect(await read(nodeCheck, { machine: machine({ nodeVersion: '22.21.1' }) })).toEqual([
      'missing node-too-old: arc needs Node.js 22.22 or newer; this is 22.21.1. → install a newer Node.js, or start arc with its launcher bin/arc',
    ]);
  });
});

describe('Docker Engine', () => {
  test('answers', async () => {
    expect(await read(engineCheck)).toEqual([
      'ok: Docker Engine 20.10.24 (API 1.41) at unix:///var/run/docker.sock',
    ]);
  });

  test('root on Debian without one: arc installs it', async () => {
    const bare = machine({ program: () => undefined });
    expect(await read(engineCheck, { engine: noEngine, machine: bare })).toEqual([
      'missing no-engine: No Docker Engine answers. → arc doctor --fix [install docker.io, iproute2, iptables, ca-certificates with apt-get, and start dockerd in the background]',
    ]);
  });

  test('installed but not running: arc starts it, with systemd where that runs', async () => {
    const stopped = machine({ system: { ...system, systemd: true, debian: false } });
    expect(await read(engineCheck, { engine: noEngine, machine: stopped })).toEqual([
      'missing no-engine: No Docker Engine answers. → arc doctor --fix [start the docker service]',
    ]);
  });

  test.each([
    ['an ordinary user on Debian', { ...system, root: false }, 'sudo arc doctor --fix'],
    [
      'another Linux',
      { ...system, debian: false },
      'install Docker Engine (https://docs.docker.com/engine/install)',
    ],
    ['macOS', { ...system, platform: 'darwin', debian: false }, 'start Docker Desktop'],
  ] as const)('%s is told what to do', async (_, on, advice) => {
    const [line = ''] = await read(engineCheck, {
      engine: noEngine,
      machine: machine({ system: on, program: () => undefined }),
    });
    expect(line).toContain(advice);
    expect(line).not.toContain('[');
  });

  test('an Engine on another machine is started there', async () => {
    const suggestion = 'start it: ssh ada@box sudo systemctl start docker';
    const chosen = prerequisite({
      code: 'no-engine',
      message: 'No Docker Engine answers there.',
      suggestion,
    });
    const [line] = await read(engineCheck, {
      engine: chosen,
      environment: { DOCKER_HOST: 'ssh://ada@box' },
    });
    expect(line).toContain(`→ ${suggestion}`);
  });

  test('an Engine that somebody chose is never replaced by another one', async () => {
    const chosen = prerequisite({
      code: 'no-engine',
      message: 'The Docker Engine of DOCKER_HOST does not answer.',
      suggestion: 'Start that Engine, or unset DOCKER_HOST.',
    });
    const environment = { DOCKER_HOST: 'tcp://10.0.0.5:2375' };
    expect(await read(engineCheck, { engine: chosen, environment })).toEqual([
      'missing no-engine: The Docker Engine of DOCKER_HOST does not answer. → Start that Engine, or unset DOCKER_HOST.',
    ]);
  });

  test('too old, or not permitted, is said as it is', async () => {
    const refused = prerequisite({
      code: 'engine-permission',
      message: 'You may not.',
      suggestion: 'usermod',
    });
    expect(await read(engineCheck, { engine: refused })).toEqual([
      'missing engine-permission: You may not. → usermod',
    ]);
  });
});

describe('memory', () => {
  const little = (total: number, available: number, limited = false) =>
    machine({ memory: () => ({ total, available, limited }) });

  test('is enough', async () => {
    expect(await read(memoryCheck)).toEqual([
      'ok: 8.0 GB of memory, 6.0 GB available (all containers may take 1.0 GB)',
    ]);
  });

  test('is too little', async () => {
    expect(await read(memoryCheck, { engine: { ...goodEngine, memory: gigabyte / 2 } })).toEqual([
      'missing not-enough-memory: arc-realtime may take 1.0 GB of memory, but there is only 512 MB. → give it more (Docker Desktop: Settings → Resources), or boot less: arc up cache storage',
    ]);
    expect((await read(memoryCheck, { engine: noEngine, machine: little(gigabyte / 2, 0) }))[0]).toMatch(
      /^missing/,
    );
  });

  test('that this container may not use is a warning, as the Engine may run outside of it', async () => {
    expect((await read(memoryCheck, { machine: little(gigabyte / 2, gigabyte / 4, true) }))[0]).toMatch(
      /^warning memory-low: arc-realtime may take 1\.0 GB of memory, but this container is limited to 512 MB\./,
    );
  });

  test('used up by others is a warning', async () => {
    expect((await read(memoryCheck, { machine: little(4 * gigabyte, gigabyte / 2) }))[0]).toMatch(
      /^warning memory-low: arc-realtime may take 1\.0 GB of memory, but only 512 MB of 8\.0 GB is available now/,
    );
  });

  test('that is too little for all containers at the same time is a warning', async () => {
    const [realtime] = stack().containers;
    if (realtime === undefined) return expect.unreachable();
    const containers = [
      realtime,
      { ...realtime, role: 'egress', name: 'arc-egress', resources: { memory: 2 * gigabyte } },
    ];
    const workspace = { root: '/home/me/stack', manifest: workspaceManifest, stack: stack({ containers }) };
    expect(await read(memoryCheck, { workspace, engine: { ...goodEngine, memory: 2.5 * gigabyte } })).toEqual(
      [
        'warning memory-tight: The containers may take 3.0 GB of memory together, and the machine has 2.5 GB. → enough unless all are busy at once; `arc top` shows what each takes and may take',
      ],
    );
    expect((await read(memoryCheck, { workspace, engine: { ...goodEngine, memory: gigabyte } }))[0]).toMatch(
      /^missing not-enough-memory: arc-egress may take 2\.0 GB of memory, but there is only 1\.0 GB/,
    );
  });

  test('used by the stack itself is fine', async () => {
    const engine = { ...goodEngine, running: [{ name: 'arc-cache', project: 'arc', ports: [] }] };
    expect((await read(memoryCheck, { engine, machine: little(4 * gigabyte, gigabyte / 2) }))[0]).toMatch(
      /^ok/,
    );
  });
});

describe('CPUs', () => {
  test('fewer than the profile wants is a warning', async () => {
    expect((await read(cpuCheck, { engine: { ...goodEngine, cpus: 1 } }))[0]).toMatch(
      /^warning few-cpus: The profile think needs 2 CPUs; there is 1\./,
    );
    expect(await read(cpuCheck)).toEqual(['ok: 4 CPUs (think needs 2)']);
  });
});

describe('disk', () => {
  const free = (bytes: number | undefined) => machine({ freeDisk: () => bytes });

  test('is enough', async () => {
    expect(await read(diskCheck)).toEqual(['ok: 50.0 GB free in /var/lib/docker (think needs 4.0 GB)']);
  });

  test('less than the profile takes is a warning, as its images may be there', async () => {
    expect((await read(diskCheck, { machine: free(2 * gigabyte) }))[0]).toMatch(
      /^warning disk-low: The profile think takes up to 4\.0 GB, and only 2\.0 GB is free in \/var\/lib\/docker\./,
    );
  });

  test('almost none is an error, for the Engine and for the workspace', async () => {
    const lines = await read(diskCheck, { machine: free(1024 ** 2) });
    expect(lines[0]).toMatch(/^missing disk-full: Only 1 MB is free in \/var\/lib\/docker/);
    expect(lines[1]).toMatch(/^missing disk-full: Only 1 MB is free where the workspace is/);
  });

  test('of a virtual machine is not this machine’s', async () => {
    expect(await read(diskCheck, { engine: { ...goodEngine, sameKernel: false } })).toEqual([
      'skipped: disk of the Docker Engine: not on this machine',
    ]);
  });
});

describe('ports', () => {
  test('all free', async () => {
    expect(await read(portCheck)).toEqual([
      'ok: no host port of think is held by another program (102 checked)',
    ]);
  });

  test('each that is held is named with its holder', async () => {
    const held = machine({
      portHolders: async <P extends WantedPort>({ ports }: { ports: readonly P[] }) =>
        ports.slice(0, 1).map((wanted) => ({
          wanted,
          first: 7880,
          last: 7880,
          bind: '127.0.0.1',
          holder: { kind: 'process', name: 'obs', pid: 4711 } as const,
        })),
    });
    expect(await read(portCheck, { machine: held })).toEqual([
      'missing port-in-use: Port 7880/tcp, wanted by arc-realtime (http), is held by obs (pid 4711). → stop obs, or choose another port: services/realtime/service.yaml → ports → http → host',
    ]);
  });

  test.each([
    ['by label', { name: 'x', project: 'arc' }, true],
    ['by name', { name: 'arc-realtime' }, true],
    ['not another project’s', { name: 'x', project: 'other' }, false],
  ])('what is the stack’s own: %s', async (_, container, own) => {
    let asked: readonly { own: boolean }[] = [];
    const asking = machine({
      portHolders: async ({ containers }) => {
        asked = containers;
        return [];
      },
    });
    await read(portCheck, {
      machine: asking,
      engine: { ...goodEngine, running: [{ ...container, ports: [] }] },
    });
    expect(asked).toMatchObject([{ own }]);
  });

  test('an Engine elsewhere knows those of its containers', async () => {
    const engine = { ...goodEngine, local: false, address: 'ssh://box' };
    expect(await read(portCheck, { engine })).toEqual([
      'ok: no container of ssh://box holds a host port of think (102 checked); arc cannot see other programs there',
    ]);
    const port = { protocol: 'tcp', bind: '0.0.0.0', first: 7880, last: 7880 } as const;
    const running = [{ name: 'web', project: 'shop', ports: [port] }];
    expect(await read(portCheck, { engine: { ...engine, running } })).toEqual([
      expect.stringContaining('Port 7880/tcp, wanted by arc-realtime (http), is held by the container web.'),
    ]);
  });
});

describe('UDP buffers', () => {
  const small = (changes = {}) => machine({ sysctl: () => 212_992, ...changes });

  test('large enough', async () => {
    expect((await read(udpBufferCheck))[0]).toMatch(/^ok/);
  });

  test('too small: root may set them', async () => {
    expect(await read(udpBufferCheck, { machine: small() })).toEqual([
      'warning small-udp-buffers: UDP receive buffers are limited to 212992 bytes (net.core.rmem_max); LiveKit loses packets under load with less than 2500000. → sudo sysctl -w net.core.rmem_max=5000000, and the same line in /etc/sysctl.d/ to keep it [set net.core.rmem_max to 5000000 until the next start of this machine]',
    ]);
  });

  test('do not matter to a stack without a server of media', async () => {
    expect(await read(udpBufferCheck, { machine: small(), udpBuffers: [] })).toEqual([]);
  });

  test('cannot be seen of a virtual machine', async () => {
    expect((await read(udpBufferCheck, { engine: { ...goodEngine, sameKernel: false } }))[0]).toMatch(
      /^skipped/,
    );
  });
});

describe('registries', () => {
  const silent = (registry: string) =>
    ({ registry, answers: false, reason: 'its host name does not resolve' }) as const;

  test('answer', async () => {
    expect(await read(registryCheck)).toEqual(['ok: docker.io answers']);
  });

  test('one that does not is a warning', async () => {
    const lines = await read(registryCheck, {
      registries: async () => [answering('docker.io'), silent('quay.io')],
    });
    expect(lines[0]).toBe('ok: docker.io answers');
    expect(lines[1]).toMatch(/^warning registry-unreachable: quay\.io does not answer\./);
  });

  test('none at all means no network', async () => {
    const lines = await read(registryCheck, {
      registries: async () => [silent('docker.io'), silent('quay.io')],
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^warning no-network: No registry answers \(docker\.io, quay\.io\): this machine is offline/,
    );
  });
});

describe('tools for local bases', () => {
  const without = (...names: string[]) =>
    machine({ program: (name) => (names.includes(name) ? undefined : `/usr/bin/${name}`) });
  const offline = async () =>
    [{ registry: 'docker.io', answers: false, reason: 'no answer in time' }] as const;

  test('are there', async () => {
    expect(await read(toolCheck)).toEqual(['ok: mmdebstrap, go to build bases here']);
  });

  test('without Go, bases can still be pulled', async () => {
    expect((await read(toolCheck, { machine: without('go') }))[1]).toBe(
      'warning missing-tool: go is not installed; the base of realtime cannot be built here without it, only pulled. → install Go 1.21 or newer: https://go.dev/dl',
    );
  });

  test('without Go and without a registry they cannot be had', async () => {
    expect((await read(toolCheck, { machine: without('go'), registries: offline }))[1]).toMatch(
      /^missing missing-tool: go is not installed; the base of realtime cannot be built here without it\./,
    );
  });

  test('mmdebstrap is installed by arc', async () => {
    expect((await read(toolCheck, { machine: without('mmdebstrap'), registries: offline }))[1]).toMatch(
      /\[install mmdebstrap, debian-archive-keyring with apt-get\]$/,
    );
  });

  test('of a program of the workspace is npm', async () => {
    const [container] = stack().containers;
    if (container === undefined) throw new Error('the fixture has a container');
    const step = { kind: 'npm', folder: 'worker', target: '/opt/worker', node: '24.21.0' } as const;
    const containers = [{ ...container, image: { ...container.image, recipe: [step] } }];
    const workspace = { root: '/', manifest: workspaceManifest, stack: stack({ containers }) };
    expect(await read(toolCheck, { workspace, machine: without('npm'), registries: offline })).toEqual([
      'missing missing-tool: npm is not installed; the base of realtime cannot be built here without it. → install Node.js with npm 10 or newer: https://nodejs.org',
    ]);
  });

  test('of several kinds of recipe are asked for once', async () => {
    const [container] = stack().containers;
    if (container === undefined) throw new Error('the fixture has a container');
    const recipe = [
      { kind: 'python', folder: 'a', target: '/a', python: '3.11' },
      { kind: 'pypi', package: 'b', version: '1', hashes: [], programs: { '/b': 'b' } },
      { kind: 'maven', artifacts: { 'c:c:1': '' }, target: '/c' },
    ] as const;
    const containers = [{ ...container, image: { ...container.image, recipe } }];
    const workspace = { root: '/', manifest: workspaceManifest, stack: stack({ containers }) };
    expect(await read(toolCheck, { workspace, machine: without('pip', 'mvn'), registries: offline })).toEqual(
      [
        'missing missing-tool: pip is not installed; the base of realtime cannot be built here without it. → install pip: https://pip.pypa.io [install python3-pip with apt-get]',
        'missing missing-tool: mvn is not installed; the base of realtime cannot be built here without it. → install Maven 3.6.3 or newer, and Java: https://maven.apache.org [install maven with apt-get]',
      ],
    );
  });

  test('do not matter where only the registry is asked', async () => {
    const workspace = {
      root: '/',
      manifest: { ...workspaceManifest, bases: 'registry' as const },
      stack: stack(),
    };
    expect(await read(toolCheck, { workspace, machine: without('go') })).toEqual([
      'skipped: tools for local bases: no recipe in this stack',
    ]);
  });
});

describe('clock', () => {
  const here = Date.UTC(2026, 10, 21, 12);
  const registry = (there: number) => ({
    registries: async () => [{ registry: 'docker.io', answers: true as const, clock: { there, here } }],
  });

  test('agrees', async () => {
    expect(await read(clockCheck, registry(here + 900))).toEqual(["ok: clock agrees with docker.io's"]);
  });

  test('is behind a registry’s', async () => {
    expect(await read(clockCheck, registry(here + 95_000))).toEqual([
      "warning clock-skew: This machine's clock is 95 s behind docker.io's; tokens will be refused. → sudo timedatectl set-ntp true",
    ]);
  });

  test('is ahead of a virtual machine’s that has slept', async () => {
    const engine = { ...goodEngine, sameKernel: false, clock: { engine: here - 3_600_000, here } };
    expect((await read(clockCheck, { engine, registries: async () => [] }))[0]).toMatch(
      /clock is 3600 s ahead of the Docker Engine's; tokens will be refused\. → restart Docker Desktop/,
    );
  });

  test('with nobody to ask', async () => {
    expect((await read(clockCheck, { registries: async () => [] }))[0]).toMatch(/^skipped/);
  });
});

describe('workspace', () => {
  test('is fine', async () => {
    expect(await read(workspaceCheck)).toEqual(['ok: workspace /home/me/stack, project arc']);
  });

  test('none', async () => {
    const { workspace: _, ...outside } = situation();
    const findings = await workspaceCheck.examine(outside);
    expect(findings).toEqual([{ state: 'skipped', summary: 'workspace: none here; `arc init` creates one' }]);
  });

  test('on a read-only file system', async () => {
    const lines = await read(workspaceCheck, {
      machine: machine({
        writeObstacle: (folder) => (folder === '/home/me/stack' ? 'read-only' : undefined),
      }),
    });
    expect(lines).toEqual([
      'missing read-only-folder: The workspace /home/me/stack is on a read-only file system. → copy it to a folder that you may write to: arc writes generated files and a lock there',
    ]);
  });

  test('a cache folder of somebody else is a warning', async () => {
    const lines = await read(workspaceCheck, {
      machine: machine({
        writeObstacle: (folder) => (folder.endsWith('.cache/arc') ? 'permission' : undefined),
      }),
    });
    expect(lines[1]).toMatch(/^warning read-only-folder: You may not write to \/home\/me\/\.cache\/arc/);
  });

  test('with wrong manifests: the first problem', async () => {
    const workspace = invalid({ code: 'unknown-field', message: 'There is no field "prots".' });
    expect(await read(workspaceCheck, { workspace })).toEqual([
      'missing unknown-field: There is no field "prots". → arc validate',
    ]);
  });
});

describe('terminal', () => {
  test('40 columns without a locale', async () => {
    const lines = await read(terminalCheck, { columns: 40, environment: {} });
    expect(lines[0]).toMatch(/^warning narrow-terminal: The terminal is 40 columns wide\./);
    if (process.platform === 'linux') expect(lines[1]).toMatch(/^warning no-locale: .*export LANG=C\.UTF-8$/);
  });

  test('80 columns with one', async () => {
    expect(await read(terminalCheck)).toEqual(['ok: terminal of 80 columns, UTF-8']);
  });

  test('a pipe is no terminal', async () => {
    const columns = Number.POSITIVE_INFINITY;
    expect(await read(terminalCheck, { columns })).toEqual(['ok: no terminal, UTF-8']);
  });
});

describe('a range of UDP ports', () => {
  test('costs seconds at each start and stop, by what the Engine opens ports with', async () => {
    expect(await read(udpRangeCheck)).toEqual([
      'ok: the 101 UDP ports of arc-realtime cost 2 to 4 s at each start, and 4 to 6 s (iptables) at each stop; one port costs neither',
    ]);
    const cost = async (firewall: string) =>
      (await read(udpRangeCheck, { engine: { ...goodEngine, firewall } })).join();
    expect(await cost('iptables+firewalld')).toContain('4 to 6 s (iptables+firewalld) at each stop');
    expect(await cost('nftables')).toContain(
      '2 to 4 s at each start, and less than 1 s (nftables) at each stop',
    );
  });

  test('is not spoken of where there is none', async () => {
    const containers = stack().containers.map((one) => ({
      ...one,
      ports: one.ports.filter(({ protocol }) => protocol === 'tcp'),
    }));
    const workspace = { root: '/w', manifest: workspaceManifest, stack: stack({ containers }) };
    expect(await read(udpRangeCheck, { workspace })).toEqual([]);
    expect(await read(udpRangeCheck, { engine: noEngine })).toEqual([]);
  });
});

describe('the disk of an Engine whose images are in another folder than its data', () => {
  const engine = { ...goodEngine, imageRoot: '/var/lib/containerd' };
  const free = (room: Record<string, number>) =>
    machine({ freeDisk: (folder) => room[folder] ?? 50 * gigabyte });

  test('has to have room for images where those are', async () => {
    expect(await read(diskCheck, { engine, machine: free({ '/var/lib/docker': 2 * gigabyte }) })).toEqual([
      'ok: 50.0 GB free in /var/lib/containerd (think needs 4.0 GB)',
    ]);
    const low = await read(diskCheck, { engine, machine: free({ '/var/lib/containerd': 2 * gigabyte }) });
    expect(low.join()).toContain(
      'warning disk-low: The profile think takes up to 4.0 GB, and only 2.0 GB is free in /var/lib/containerd.',
    );
  });

  test('is full where either is', async () => {
    const images = await read(diskCheck, { engine, machine: free({ '/var/lib/containerd': 0 }) });
    expect(images.join()).toContain('in /var/lib/containerd, where the Docker Engine keeps images.');
    const data = await read(diskCheck, { engine, machine: free({ '/var/lib/docker': 0 }) });
    expect(data.join()).toContain('in /var/lib/docker, where the Docker Engine keeps data.');
  });
});
