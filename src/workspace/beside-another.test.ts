import { describe, expect, it } from 'vitest';
import { realWorkspace } from '../../tests/fixtures/workspace.ts';
import { configProblems } from '../app/config-problems.ts';
import { formatProblem } from '../cli/output/format-problem.ts';
import { parseManifests } from '../manifest/parse.ts';
import type { Stack } from '../stack/model.ts';
import { resolveStack } from '../stack/resolve.ts';
import { placedManifests } from './load.ts';
import { templatesOf } from './templates.ts';

// This repository's services in a workspace that runs beside another one.

const real = await realWorkspace();

function parse(arcYaml: string) {
  return parseManifests({ files: new Map(real).set('arc.yaml', arcYaml) });
}

function problems(arcYaml: string): string {
  return parse(arcYaml)
    .problems.map((problem) => formatProblem(problem))
    .join('\n');
}

/** @param options.chosen for `offset: auto` */
function resolve(options: { arcYaml: string; chosen?: number; media?: string }): Stack {
  const { arcYaml, chosen, media = 'range' } = options;
  const { manifests } = parse(arcYaml);
  if (manifests === undefined) throw new Error(problems(arcYaml));
  return resolveStack({
    ...placedManifests({ manifests, ...(chosen === undefined ? {} : { portOffset: chosen }) }),
    templates: templatesOf({ manifests, files: real }),
    ...{ selection: [], without: [], secrets: new Map() },
    settings: { environment: {}, flags: { media } },
  });
}

function find(stack: Stack, role: string) {
  const container = stack.containers.find((each) => each.role === role);
  if (container === undefined) throw new Error(`no ${role}`);
  return container;
}

function livekitConfig(stack: Stack): string {
  const [file] = find(stack, 'realtime').config;
  return file?.content.reveal() ?? '';
}

function published(stack: Stack): Record<string, readonly string[]> {
  return Object.fromEntries(
    stack.containers
      .filter(({ ports }) => ports.length > 0)
      .map(({ role, ports }) => [
        role,
        ports.map(({ name, host, container }) => `${name} ${host.first}-${host.last}:${container.first}`),
      ]),
  );
}

describe('names', () => {
  const own = resolve({ arcYaml: 'project: demo\nnames: project' });

  it('of a project are those of its containers, volumes and network', () => {
    expect(own.containers.map(({ name }) => name)).toEqual([
      ...['demo-cache', 'demo-storage', 'demo-realtime', 'demo-realtime-egress'],
      'demo-realtime-ingress',
    ]);
    expect(own.volumes.map(({ name }) => name)).toEqual(['demo-cache-data', 'demo-storage-data']);
    expect(own.network).toBe('demo_platform_net');
  });

  it('on the network stay those of the manifests, so that config files stay the same', () => {
    const usual = resolve({ arcYaml: 'project: demo' });
    expect(find(own, 'cache').aliases).toEqual(['arc-cache']);
    expect(find(usual, 'cache').aliases).toEqual([]);
    expect(livekitConfig(own)).toBe(livekitConfig(usual));
    expect(livekitConfig(own)).toContain('address: arc-cache:6379');
  });

  it('of images stay the same, so that two workspaces share them', () => {
    const usual = resolve({ arcYaml: 'project: demo' });
    expect(own.containers.map(({ image }) => image)).toEqual(usual.containers.map(({ image }) => image));
  });

  it('of a project called arc are those of the manifests', () => {
    const names = (stack: Stack) => [
      ...stack.containers.map(({ name }) => name),
      ...stack.volumes.map(({ name }) => name),
      stack.network,
    ];
    expect(names(resolve({ arcYaml: 'names: project' }))).toEqual(names(resolve({ arcYaml: '' })));
  });

  it('are refused where one would be no host name', () => {
    const project = 'p'.repeat(60);
    expect(problems(`project: ${project}`)).toBe('');
    expect(problems(`names: project\nproject: ${project}`)).toContain(
      `error[name-too-long] arc.yaml:2:10\n  With \`names: project\` a container would be called ${project}-messaging-metrics, which is 78 characters long; a host name has at most 63.`,
    );
  });

  it('leave a network alone that arc.yaml names', () => {
    expect(resolve({ arcYaml: 'names: project\nnetwork: shared' }).network).toBe('shared');
  });
});

describe('an offset of ports', () => {
  const moved = resolve({ arcYaml: 'ports: { offset: 1000 }' });

  it('moves every port of the host, and within the container those that clients are told', () => {
    expect(published(moved)).toEqual({
      cache: ['redis 7379-7379:6379'],
      storage: ['s3 10000-10000:9000', 'console 10001-10001:9001'],
      realtime: ['http 8880-8880:7880', 'ice_tcp 8881-8881:8881', 'media 51100-51200:51100'],
      'realtime-ingress': ['rtmp 2935-2935:1935', 'http 8888-8888:7888'],
      'realtime-egress': ['http 8889-8889:7889'],
    });
  });

  it('reaches the server, so that clients are told ports that are published', () => {
    expect(livekitConfig(moved)).toContain('port: 7880\n');
    expect(livekitConfig(moved)).toContain('tcp_port: 8881\n');
    expect(livekitConfig(moved)).toContain('port_range_start: 51100\n  port_range_end: 51200\n');
    expect(livekitConfig(moved)).toContain('rtmp_base_url: rtmp://127.0.0.1:2935/live');
    const mux = livekitConfig(resolve({ arcYaml: 'ports: { offset: 1000 }', media: 'mux' }));
    expect(mux).toContain('udp_port: 51100\n');
  });

  it('turns off TURN over TLS, which clients look for on 443, and says so', () => {
    expect(livekitConfig(moved)).not.toContain('turn:');
    expect(moved.warnings.map((problem) => formatProblem(problem, 'warning'))).toEqual([
      `warning[front-door-elsewhere]
  realtime goes without its port turn: TURN over TLS is off, so clients that may only use port 443 get no media.
  clients are told port 443, and only one workspace of an address can have it
  help: where port 443 of the address leads here, write \`front_door: true\` below \`ports\` in arc.yaml`,
    ]);
  });

  it('leaves TURN on where the front door leads here, and can turn it off without an offset', () => {
    const here = resolve({ arcYaml: 'ports: { offset: 1000, front_door: true }' });
    expect(livekitConfig(here)).toContain('tls_port: 7882\n');
    expect(here.warnings).toEqual([]);
    const elsewhere = resolve({ arcYaml: 'ports: { front_door: false }' });
    expect(livekitConfig(elsewhere)).not.toContain('turn:');
    expect(elsewhere.warnings).toMatchObject([{ code: 'front-door-elsewhere' }]);
  });

  it('makes no config file that the checks of config files refuse', () => {
    const { manifests } = parse('ports: { offset: 1000 }');
    if (manifests === undefined) throw new Error('not valid');
    expect(configProblems({ manifests, files: real })).toEqual([]);
  });

  it.each([
    [
      'ports: { offset: 20000 }',
      'error[bad-port] arc.yaml:1:18\n  With the offset 20000 the port media of arc-realtime would be 70100-70200, and ports end at 65535.',
    ],
    ['ports: { offset: -1 }', 'error[bad-value] arc.yaml:1:18'],
    ['ports: { offset: far }', 'error[bad-value] arc.yaml:1:18'],
    ['ports: { off: 1 }', 'arc.yaml:1:10'],
    ['names: mine', 'error[bad-value] arc.yaml:1:8'],
  ])('%s is refused where it is written', (arcYaml, message) => {
    expect(problems(arcYaml)).toContain(message);
  });
});

describe('an offset that each machine chooses', () => {
  it('is none until one was chosen', () => {
    const stack = resolve({ arcYaml: 'ports: { offset: auto }' });
    expect(published(stack)).toEqual(published(resolve({ arcYaml: '' })));
    expect(stack.portOffset).toBeUndefined();
  });

  it('moves what a number moves, and mounts the config file that no machine commits', () => {
    const auto = resolve({ arcYaml: 'ports: { offset: auto }', chosen: 1000 });
    const fixed = resolve({ arcYaml: 'ports: { offset: 1000 }' });
    expect(published(auto)).toEqual(published(fixed));
    expect(livekitConfig(auto)).toBe(livekitConfig(fixed));
    expect(auto.portOffset).toBe(1000);
    const files = (stack: Stack, role: string) => find(stack, role).config.map(({ file }) => file);
    expect(files(auto, 'realtime')).toEqual(['.arc/config/realtime/livekit.yaml']);
    expect(files(auto, 'cache')).toEqual(files(fixed, 'cache'));
    expect(files(fixed, 'realtime')).toEqual(['services/realtime/livekit.yaml']);
  });

  it('is refused once a port was added that it would move too far', () => {
    expect(() => resolve({ arcYaml: 'ports: { offset: auto }', chosen: 20_000 })).toThrow(
      'With the offset 20000 the port media of arc-realtime would be 70100-70200, and ports end at 65535.',
    );
  });
});
