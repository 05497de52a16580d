import { describe, expect, test } from 'vitest';
import {
  container,
  job,
  manifests,
  port,
  profile,
  release,
  secret,
  service,
  setting,
} from '../../tests/fixtures/manifests.ts';
import { secretField } from '../core/data.ts';
import { ArcError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { wantedCertificates } from './certificates.ts';
import { draftStack, type ResolveOptions } from './draft.ts';
import { renderStack, resolveStack } from './resolve.ts';

// A small platform of the same shape as the real one.
const cache = service({
  role: 'cache',
  tech: 'redis',
  ports: [port({ name: 'redis', number: 6379 })],
  health: {
    ...container({ role: 'cache' }).health,
    probe: { kind: 'redis', port: 'redis', fields: { password: '{{ secrets.redis_password }}' } },
  },
  volumes: [{ name: 'data', target: '/data' }],
  secrets: { redis_password: secret({ dev: 'dev-redis-password', env: 'REDIS_PASSWORD' }) },
});
const storage = service({ role: 'storage', jobs: [job({ role: 'storage-buckets', needs: ['storage'] })] });
const realtime = service({
  role: 'realtime',
  needs: ['cache?: single-node mode'],
  ports: [
    port({ name: 'http', number: 7880 }),
    port({
      name: 'media',
      number: 50100,
      last: 50200,
      protocol: 'udp',
      bind: '0.0.0.0',
      when: { media: 'range' },
    }),
    port({ name: 'media_mux', number: 50100, protocol: 'udp', bind: '0.0.0.0', when: { media: 'mux' } }),
  ],
  environment: { NODE_IP: '{{ settings.node_ip }}' },
  config: [{ template: 'livekit.yaml.liquid', file: 'livekit.yaml', target: '/etc/livekit.yaml' }],
  settings: {
    media: setting({ default: 'range', values: ['range', 'mux'], env: 'ARC_MEDIA' }),
    node_ip: setting({ default: '127.0.0.1', kind: 'address', env: 'LIVEKIT_NODE_IP' }),
  },
  checks: [
    {
      name: 'state',
      description: '',
      probe: { kind: 'tcp', port: 'http', fields: {} },
      container: 'realtime',
      needs: ['cache'],
      when_present: false,
      when: {},
    },
  ],
  sidecars: [
    container({ role: 'realtime-ingress', needs: ['realtime', 'cache'] }),
    container({ role: 'realtime-egress', needs: ['realtime', 'cache', 'storage-buckets'] }),
  ],
});
const livekitTemplate = `port: {{ ports.http }}
{%- if settings.media == 'mux' %}
udp_port: {{ ports.media_mux }}
{%- else %}
range: {{ ports.media.first }}-{{ ports.media.last }}
{%- endif %}
{%- if containers.cache %}
redis: {{ containers.cache.host }}:{{ containers.cache.ports.redis }} {{ secrets.redis_password | yaml }}
{%- endif %}
`;
const platform = manifests({
  services: [cache, storage, realtime],
  profiles: [
    profile({ name: 'think', services: ['realtime'] }),
    profile({ name: 'reason', extends: 'think' }),
    profile({ name: 'live', extends: 'think', production: true }),
  ],
});

function resolve(options: Partial<ResolveOptions> = {}) {
  return resolveStack({
    manifests: platform,
    templates: new Map([['services/realtime/livekit.yaml.liquid', livekitTemplate]]),
    selection: [],
    without: [],
    settings: { environment: {}, flags: {} },
    secrets: new Map(),
    ...options,
  });
}

function problemsOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (error instanceof ArcError) return error.problems;
    throw error;
  }
  throw new Error('no error');
}

const roles = (stack: ReturnType<typeof resolve>) => stack.containers.map((part) => part.role);
const one = (stack: ReturnType<typeof resolve>, role: string) => {
  const found = stack.containers.find((part) => part.role === role);
  if (found === undefined) throw new Error(`no ${role}`);
  return found;
};

describe('what is part of the stack', () => {
  test('nothing named is the default profile, with every dependency, in dependency order', () => {
    const stack = resolve();
    expect(stack.selection).toEqual(['think']);
    expect(stack.profile?.name).toBe('think');
    expect(roles(stack)).toEqual([
      'cache',
      'storage',
      'realtime',
      'storage-buckets',
      'realtime-egress',
      'realtime-ingress',
    ]);
  });

  test('a profile holds what it extends', () => {
    expect(roles(resolve({ selection: ['reason'] }))).toEqual(roles(resolve()));
  });

  test('a service comes with its sidecars and jobs', () => {
    expect(roles(resolve({ selection: ['storage'] }))).toEqual(['storage', 'storage-buckets']);
  });

  test('one container comes with only what it needs', () => {
    expect(roles(resolve({ selection: ['realtime-ingress'] }))).toEqual([
      'cache',
      'realtime',
      'realtime-ingress',
    ]);
  });

  test('a container is also known by the name that it has on the Engine, and may be left out by it', () => {
    expect(roles(resolve({ selection: ['arc-realtime'] }))).toEqual(['cache', 'realtime']);
    expect(roles(resolve({ selection: ['realtime'], without: ['arc-realtime-egress'] }))).toEqual(
      roles(resolve({ selection: ['realtime'], without: ['realtime-egress'] })),
    );
  });

  test('a dependency on a job waits for its end, one on a container for its health', () => {
    expect(one(resolve(), 'realtime-egress').dependsOn).toEqual([
      { role: 'cache', condition: 'healthy' },
      { role: 'realtime', condition: 'healthy' },
      { role: 'storage-buckets', condition: 'completed' },
    ]);
  });

  test('layers and the longest chain', () => {
    const stack = resolve();
    expect(stack.layers).toEqual([
      ['cache', 'storage'],
      ['realtime', 'storage-buckets'],
      ['realtime-egress', 'realtime-ingress'],
    ]);
    expect(stack.criticalPath).toHaveLength(3);
    expect(stack.criticalPath.at(-1)).toBe('realtime-egress');
  });

  test('the order does not depend on the order of the manifests', () => {
    const turned = { ...platform, services: platform.services.toReversed() };
    expect(roles(resolve({ manifests: turned }))).toEqual(roles(resolve()));
  });

  test('every unknown name is an error with the nearest one', () => {
    const problems = problemsOf(() =>
      resolve({ selection: ['thnk', 'realtime-ingres'], without: ['cahce'] }),
    );
    expect(problems.map((problem) => [problem.code, problem.suggestion])).toEqual([
      ['unknown-name', 'did you mean `think`?'],
      ['unknown-name', 'did you mean `realtime-ingress`?'],
      ['unknown-name', 'did you mean `--without cache`?'],
    ]);
  });

  test('what a container runs, and its codename, lead to its role', () => {
    const problems = problemsOf(() => resolve({ selection: ['Redis', 'cache-code'] }));
    expect(problems.map(({ suggestion }) => suggestion)).toEqual([
      'did you mean `cache`?',
      'did you mean `cache`?',
    ]);
  });

  test('nothing left is an error', () => {
    expect(problemsOf(() => resolve({ selection: ['cache'], without: ['cache'] }))[0]?.message).toBe(
      'Nothing is left of cache without cache.',
    );
  });

  test('a circle that validation would have refused ends with an error', () => {
    const circle = manifests({
      services: [service({ role: 'a', needs: ['b'] }), service({ role: 'b', needs: ['a'] })],
      profiles: [
        profile({ name: 'think', services: ['a'], extends: 'x' }),
        profile({ name: 'x', extends: 'think' }),
      ],
    });
    expect(problemsOf(() => resolve({ manifests: circle }))[0]?.code).toBe('dependency-cycle');
  });
});

describe('a public port', () => {
  const gateway = service({
    role: 'gateway',
    ports: [port({ name: 'http', number: 443, public: true }), port({ name: 'admin', number: 8080 })],
  });
  const binds = (selection: string) =>
    resolve({
      manifests: manifests({
        services: [gateway],
        profiles: [
          profile({ name: 'think', services: ['gateway'] }),
          profile({ name: 'live', extends: 'think', production: true }),
        ],
      }),
      selection: [selection],
    }).containers[0]?.ports.map(({ name, bind }) => `${name} ${bind}`);

  test('is open to other machines in a production profile', () => {
    expect(binds('live')).toEqual(['http 0.0.0.0', 'admin 127.0.0.1']);
  });

  test('stays on this machine otherwise', () => {
    expect(binds('think')).toEqual(['http 127.0.0.1', 'admin 127.0.0.1']);
    expect(binds('gateway')).toEqual(['http 127.0.0.1', 'admin 127.0.0.1']);
  });
});

describe('a log driver', () => {
  const logging = {
    driver: '{% if containers.logs %}fluentd{% endif %}',
    options: {
      'fluentd-address': '{{ containers.logs.host }}:24224',
      tag: '{{ project }}',
      labels: '{% if containers.logs %}{% else %}arc.role{% endif %}',
    },
  };
  const app = service({ role: 'app', needs: ['logs+'], logging });
  const loggingOf = (selection: readonly string[]) =>
    one(resolve({ manifests: manifests({ services: [app, service({ role: 'logs' })] }), selection }), 'app')
      .logging;

  test('is rendered with its options, of which empty ones are left out', () => {
    expect(loggingOf(['app', 'logs'])).toEqual({
      driver: 'fluentd',
      options: { 'fluentd-address': 'arc-logs:24224', tag: 'arc' },
    });
  });

  test('is the default of the Engine where it is rendered to nothing', () => {
    expect(loggingOf(['app'])).toBeUndefined();
  });
});

describe('--without', () => {
  test('what can do without runs, with a warning; what cannot is refused, with the reason', () => {
    const stack = resolve({ without: ['cache'] });
    expect(roles(stack)).toEqual(['realtime']);
    expect(stack.warnings.map((warning) => warning.message)).toEqual([
      'realtime runs without cache: single-node mode.',
    ]);
    expect(stack.refused.map(({ role, problem }) => [role, problem.message])).toEqual([
      ['realtime-egress', 'realtime-egress cannot run: it needs cache, which was left out.'],
      ['realtime-ingress', 'realtime-ingress cannot run: it needs cache, which was left out.'],
    ]);
  });

  test('a refusal reaches everything that needs a refused container', () => {
    const stack = resolve({ without: ['storage'] });
    expect(stack.refused.map(({ problem }) => problem.message)).toEqual([
      'realtime-egress cannot run: it needs storage-buckets, which was left out.',
    ]);
    const chain = manifests({
      services: [
        service({ role: 'a' }),
        service({ role: 'b', needs: ['a'] }),
        service({ role: 'c', needs: ['b'] }),
      ],
    });
    expect(
      resolve({ manifests: chain, without: ['a'] }).refused.map(({ problem }) => problem.message),
    ).toEqual([
      'b cannot run: it needs a, which was left out.',
      'c cannot run: it needs b, which cannot run because a was left out.',
    ]);
  });

  test('a template that was not read is an error, and never an empty file', () => {
    expect(problemsOf(() => resolve({ templates: new Map() }))).toMatchObject([
      {
        code: 'missing-template',
        message: 'The template services/realtime/livekit.yaml.liquid does not exist.',
      },
    ]);
  });

  test('templates see that a container is not there', () => {
    expect(one(resolve({ without: ['cache'] }), 'realtime').config[0]?.content.reveal()).toBe(
      'port: 7880\nrange: 50100-50200\n',
    );
  });

  test('deep checks keep the names of what they need', () => {
    expect(one(resolve({ without: ['cache'] }), 'realtime').checks[0]?.needs).toEqual(['cache']);
  });
});

describe('settings', () => {
  test('a flag wins over the environment, that over arc.yaml, that over the default', () => {
    const chosen = manifests({ services: platform.services, settings: { node_ip: '10.0.0.1' } });
    const ip = (environment: Record<string, string>, flags: Record<string, string>) =>
      resolve({ manifests: chosen, settings: { environment, flags } }).settings.node_ip;
    expect(ip({ LIVEKIT_NODE_IP: '10.0.0.2' }, { node_ip: '10.0.0.3' })).toMatchObject({
      value: '10.0.0.3',
      source: 'flag',
    });
    expect(ip({ LIVEKIT_NODE_IP: '10.0.0.2' }, {})).toMatchObject({
      value: '10.0.0.2',
      source: 'environment',
    });
    expect(ip({ LIVEKIT_NODE_IP: '' }, {})).toMatchObject({ value: '10.0.0.1', source: 'arc.yaml' });
    expect(resolve().settings.node_ip).toMatchObject({ value: '127.0.0.1', source: 'default' });
  });

  test('a bad value names the allowed ones and where it comes from', () => {
    const problems = problemsOf(() =>
      resolve({
        settings: { environment: { LIVEKIT_NODE_IP: 'localhost' }, flags: { media: 'muxx', medai: 'mux' } },
      }),
    );
    expect(problems.map((problem) => problem.message)).toEqual([
      'The setting media cannot be "muxx" (from --set media); it takes range or mux.',
      'The setting node_ip cannot be "localhost" (from LIVEKIT_NODE_IP); it takes an IP address, lan or public.',
      'No service has a setting called medai (from --set).',
    ]);
    expect(problems[2]?.suggestion).toBe('did you mean `media`?');
  });

  test('lan and public are answered by what was looked up', () => {
    const settings = { environment: {}, flags: { node_ip: 'lan' } };
    const stack = resolve({ settings, lookedUp: { node_ip: { value: '192.168.1.5', note: 'lan: eth0' } } });
    expect(stack.settings.node_ip).toMatchObject({ value: '192.168.1.5', note: 'lan: eth0' });
    expect(one(stack, 'realtime').environment).toEqual({ NODE_IP: '192.168.1.5' });
    expect(problemsOf(() => resolve({ settings }))[0]?.code).toBe('address-not-found');
  });

  test('a default on loopback follows the Engine to its machine, and what somebody chose does not', () => {
    const lookedUp = { node_ip: { value: '192.0.2.9', note: 'the address of box' } };
    const choose = (flags: Record<string, string>) =>
      resolve({ settings: { environment: {}, flags }, lookedUp });
    expect(one(choose({}), 'realtime').environment).toEqual({ NODE_IP: '192.0.2.9' });
    expect(choose({}).settings.node_ip).toMatchObject({ source: 'default', note: 'the address of box' });
    expect(choose({ node_ip: '10.0.0.3' }).settings.node_ip).toMatchObject({
      value: '10.0.0.3',
      source: 'flag',
    });
  });

  test('ports are there while the settings that they name have the value', () => {
    const ports = (media: string) =>
      one(resolve({ settings: { environment: { ARC_MEDIA: media }, flags: {} } }), 'realtime').ports.map(
        (p) => p.name,
      );
    expect(ports('range')).toEqual(['http', 'media']);
    expect(ports('mux')).toEqual(['http', 'media_mux']);
  });

  test('a setting can be left open in environment and command', () => {
    const stack = resolve({
      settingText: (name) => (name === 'node_ip' ? '<node_ip>' : undefined),
    });
    expect(one(stack, 'realtime').environment).toEqual({ NODE_IP: '<node_ip>' });
  });
});

describe('secrets', () => {
  const real = new Map([['redis_password', new Secret('a-real-redis-password')]]);

  test('the development value stands in where there is no real one', () => {
    const probe = (stack: ReturnType<typeof resolve>) => {
      const { health } = one(stack, 'cache');
      return (
        health.kind === 'probe' && health.probe.at && secretField(health.probe.fields, 'password').reveal()
      );
    };
    expect(probe(resolve())).toBe('dev-redis-password');
    expect(probe(resolve({ secrets: real }))).toBe('a-real-redis-password');
  });

  test('a file is mounted from where it is committed only while it has the committed text', () => {
    const file = (options: Partial<ResolveOptions>) => one(resolve(options), 'realtime').config[0]?.file;
    expect(file({})).toBe('services/realtime/livekit.yaml');
    expect(file({ settings: { environment: { LIVEKIT_NODE_IP: '10.0.0.2' }, flags: {} } })).toBe(
      'services/realtime/livekit.yaml',
    );
    expect(file({ settings: { environment: { ARC_MEDIA: 'mux' }, flags: {} } })).toBe(
      '.arc/config/realtime/livekit.yaml',
    );
    expect(file({ secrets: real })).toBe('.arc/config/realtime/livekit.yaml');
    expect(file({ without: ['cache'] })).toBe('.arc/config/realtime/livekit.yaml');
  });

  test('a production profile refuses each development secret of what it runs', () => {
    const problems = problemsOf(() => resolve({ selection: ['live'] }));
    expect(problems.map((problem) => [problem.code, problem.suggestion])).toEqual([
      ['development-secret', 'run `arc secrets generate`, or set REDIS_PASSWORD'],
    ]);
    expect(roles(resolve({ selection: ['live'], secrets: real }))).toContain('cache');
  });

  test('all of them can be redacted, the longest first, but what only names something', () => {
    const two = service({
      role: 'two',
      secrets: {
        user: secret({ dev: 'arc-dev-', env: 'U' }),
        password: secret({ dev: 'arc-dev-password', env: 'P' }),
        key: secret({ dev: 'arc-dev-key', env: 'K', sensitive: false }),
      },
    });
    const values = resolve({ manifests: manifests({ services: [two] }) }).secrets.map((value) =>
      value.reveal(),
    );
    expect(values).toEqual(['arc-dev-password', 'arc-dev-']);
  });
});

describe('containers', () => {
  test('a sidecar has an image of its own, a job runs in that of its service', () => {
    const stack = resolve();
    expect(one(stack, 'realtime-ingress').image).toMatchObject({
      reference: 'ghcr.io/arc-framework/arc-realtime-ingress:latest',
      dockerfile: 'Dockerfile.ingress',
      folder: 'services/realtime',
    });
    expect(one(stack, 'storage-buckets')).toMatchObject({
      kind: 'job',
      image: { reference: 'ghcr.io/arc-framework/arc-storage:latest', dockerfile: 'Dockerfile' },
      restart: 'no',
      health: { kind: 'exit', timeoutSeconds: 30 },
    });
  });

  test('an image says which licences it has and where it comes from, as far as the workspace says so', () => {
    const cache = service({ role: 'cache', licenses: 'Apache-2.0' });
    const labels = (options: Partial<Parameters<typeof manifests>[0]>) =>
      one(resolve({ manifests: manifests({ services: [cache], ...options }) }), 'cache').image.labels;
    expect(labels({ release: release({ repository: 'https://github.com/owner/name' }) })).toMatchObject({
      'org.opencontainers.image.licenses': 'Apache-2.0',
      'org.opencontainers.image.source': 'https://github.com/owner/name',
    });
    const plain = labels({ services: [service({ role: 'cache' })] });
    expect(Object.keys(plain)).not.toContain('org.opencontainers.image.licenses');
    expect(Object.keys(plain)).not.toContain('org.opencontainers.image.source');
  });

  test('volumes are named after their container and owned by its user', () => {
    const stack = resolve();
    expect(stack.volumes).toEqual([{ name: 'arc-cache-data', role: 'cache' }]);
    expect(one(stack, 'cache')).toMatchObject({
      volumes: [{ volume: 'arc-cache-data', target: '/data' }],
      image: { owned: ['/data'], user: '65532:65532' },
    });
  });

  test('a probe names the port that it asks, and the role that has it', () => {
    const open = service({
      role: 'open',
      ports: [port({ name: 'http', number: 80, host: { first: 8080, last: 8080 }, bind: '0.0.0.0' })],
    });
    const { health } = one(resolve({ manifests: manifests({ services: [open] }) }), 'open');
    expect(health).toMatchObject({
      probe: { at: { role: 'open', port: 'http' }, fields: { path: '/', status: 200 } },
    });
  });

  test('a port that is not published is there for probes and templates, but not on the host', () => {
    const hidden = service({
      role: 'hidden',
      ports: [port({ name: 'http', number: 8080, publish: false })],
      environment: { OWN: '{{ ports.http }}' },
    });
    const found = one(resolve({ manifests: manifests({ services: [hidden] }) }), 'hidden');
    expect(found).toMatchObject({
      ports: [],
      innerPorts: [{ name: 'http', container: { first: 8080, last: 8080 } }],
      health: { probe: { at: { role: 'hidden', port: 'http' } } },
      environment: { OWN: '8080' },
    });
    const asking = service({ ...hidden, role: 'hidden', environment: { OWN: '{{ host_ports.http }}' } });
    const [problem] = problemsOf(() => resolve({ manifests: manifests({ services: [asking] }) }));
    expect(problem?.message).toContain('the port http is not published');
  });

  test('a probe of a port that does not exist is an error', () => {
    const broken = service({
      role: 'broken',
      health: { ...container({ role: 'x' }).health, probe: { kind: 'tcp', port: 'htp', fields: {} } },
    });
    expect(problemsOf(() => resolve({ manifests: manifests({ services: [broken] }) }))).toMatchObject([
      { code: 'unknown-port', suggestion: 'did you mean `http`?' },
    ]);
  });
});

test('a chain of thousands of services is as good as a short one', () => {
  const services = Array.from({ length: 3000 }, (_, index) =>
    service({ role: `s${index}`, ...(index === 0 ? {} : { needs: [`s${index - 1}`] }) }),
  );
  const stack = resolve({ manifests: manifests({ services }), without: ['s2999'] });
  expect(stack.layers).toHaveLength(2999);
  expect(stack.criticalPath.at(-1)).toBe('s2998');
  expect(resolve({ manifests: manifests({ services }), without: ['s0'] }).refused).toHaveLength(2999);
});

describe('a stack before its templates are rendered', () => {
  const tls = { description: 'For names.', domain: 'arc.local', when: { media: 'mux' } };
  const wanted = manifests({
    services: [
      service({
        role: 'gateway',
        settings: { media: setting({ default: 'mux', values: ['mux', 'range'] }) },
        certificates: { arc: tls, another: { ...tls, when: { media: 'range' } } },
        config: [{ template: 'a.liquid', file: 'a.pem', target: '/a' }],
      }),
      service({ role: 'other', certificates: { other: tls } }),
    ],
  });
  const options: ResolveOptions = {
    manifests: wanted,
    templates: new Map([
      [
        'services/gateway/a.liquid',
        '{% if certificates.arc %}{{ certificates.arc.chain | yaml }}{% endif %}\n',
      ],
    ]),
    ...{ selection: ['gateway'], without: [], secrets: new Map() },
    settings: { environment: {}, flags: {} },
  };

  test('says which certificates they need, and is rendered once with them', () => {
    const draft = draftStack(options);
    const services = Array.from(draft.closure.included.values(), (entry) => entry.service);
    expect(wantedCertificates({ services, settings: draft.settings })).toEqual([
      { name: 'arc', domain: 'arc.local' },
    ]);
    const certificates = new Map([['arc', { chain: 'the chain', key: new Secret('the key'), files: [] }]]);
    const [container] = renderStack({ options: { ...options, certificates }, draft }).containers;
    expect(container?.config[0]?.content.reveal()).toContain('the chain');
  });
});
