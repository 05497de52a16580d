import { describe, expect, test } from 'vitest';
import schema from '../../schemas/service.schema.json' with { type: 'json' };
import { realWorkspace, serviceText } from '../../tests/fixtures/workspace.ts';
import { formatProblem } from '../cli/output/format-problem.ts';
import { parseManifests } from './parse.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

/** A workspace with one profile and the given services, each by its manifest or only by its role. */
function workspace(...services: readonly (string | { role: string; text: string })[]): Files {
  const texts = services.map((service) =>
    typeof service === 'string' ? { role: service, text: serviceText(service) } : service,
  );
  return Object.fromEntries(texts.map(({ role, text }) => [`services/${role}/service.yaml`, text]));
}

function parse(files: Files) {
  return parseManifests({ files: new Map(Object.entries(files)) });
}

/** What a person is shown. */
function shown(files: Files): string {
  return parse(files)
    .problems.map((problem) => formatProblem(problem))
    .join('\n');
}

/** Codes with their places. */
function codes(files: Files): readonly string[] {
  return parse(files).problems.map(
    ({ code, location }) => `${code} ${location?.file}:${location?.line}:${location?.column}`,
  );
}

const real = await realWorkspace();

describe('where a workspace is released to', () => {
  const release = (text: string) => parse({ ...workspace('cache'), 'arc.yaml': text });

  test('is nowhere unless it is said, and then for both platforms and unsigned', () => {
    expect(release('project: x').manifests?.workspace.release).toBeUndefined();
    expect(release('release: { repository: https://github.com/o/r }').manifests?.workspace.release).toEqual({
      repository: 'https://github.com/o/r',
      platforms: ['linux/amd64', 'linux/arm64'],
      sign: 'none',
      branch: 'main',
    });
  });

  test('is the address of a repository, and licences are an expression', () => {
    expect(
      shown({
        'arc.yaml': 'release: { repository: github.com/o/r, platforms: [linux/riscv64] }',
        ...workspace({ role: 'cache', text: `${serviceText('cache')}licenses: MIT/X11, or so\n` }),
      }),
    ).toMatchInlineSnapshot(`
      "error[bad-value] arc.yaml:1:24
        "repository" must be the address of a repository on GitHub, not "github.com/o/r".
          1 | release: { repository: github.com/o/r, platforms: [linux/riscv64] }
            |                        ^
        help: write it as in "https://github.com/arc-framework/arc"
      error[bad-value] arc.yaml:1:52
        "platforms[0]" must be one of linux/amd64 or linux/arm64, not "linux/riscv64".
          1 | release: { repository: github.com/o/r, platforms: [linux/riscv64] }
            |                                                    ^
      error[bad-value] services/cache/service.yaml:12:11
        "licenses" must be an SPDX licence expression, not "MIT/X11, or so".
          12 | licenses: MIT/X11, or so
             |           ^
        help: write it as in Apache-2.0"
    `);
  });
});

describe('the manifests of this repository', () => {
  const { manifests, problems, warnings } = parseManifests({ files: real });

  test('are valid', () => {
    expect(problems.map((problem) => formatProblem(problem))).toEqual([]);
  });

  test('are read with all defaults filled in', () => {
    expect(manifests?.workspace).toEqual({
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
      release: {
        repository: 'https://github.com/arc-framework/arc',
        platforms: ['linux/amd64', 'linux/arm64'],
        sign: 'keyless',
        branch: 'main',
      },
    });
    expect(
      manifests?.profiles.map(({ name, extends: base, production }) => [name, base, production]),
    ).toEqual([
      ['think', undefined, false],
      ['reason', 'think', false],
      ['ultra-instinct', 'reason', false],
      ['production', undefined, true],
    ]);
    expect(manifests?.profiles[0]?.needs).toEqual({ cpus: 1, disk: 4 * 1024 ** 3 });
    const realtime = manifests?.services.find((service) => service.role === 'realtime');
    expect(realtime).toMatchObject({
      file: 'services/realtime/service.yaml',
      folder: 'services/realtime',
      depends_on: expect.arrayContaining([
        expect.objectContaining({ role: 'cache', optional: true }),
        expect.objectContaining({ role: 'gateway', when_present: true }),
      ]),
      routes: [
        { host: 'livekit', port: 'http', protocol: 'http' },
        { host: 'turn', port: 'turn', protocol: 'tls' },
      ],
      health: { interval_seconds: 10, timeout_seconds: 5, retries: 3, start_period_seconds: 30 },
      restart: 'unless-stopped',
      stop: { signal: 'SIGTERM', grace_seconds: 12 },
      resources: { memory: 1024 ** 3 },
    });
    expect(realtime?.ports.find((port) => port.name === 'media')).toMatchObject({
      container: { first: 50100, last: 50200 },
      host: { first: 50100, last: 50200 },
      protocol: 'udp',
      bind: '0.0.0.0',
      when: { media: 'range' },
    });
    expect(realtime?.sidecars.map(({ role }) => role)).toEqual(['realtime-ingress', 'realtime-egress']);
    // Merge keys are resolved.
    expect(realtime?.checks.find(({ name }) => name === 'egress')?.probe).toMatchObject({
      port: 'http',
      fields: { aspect: 'egress' },
    });
  });

  test('bring warnings about what the UDP range costs, and about data that one base writes and the other cannot read', () => {
    expect(warnings.map((problem) => formatProblem(problem, 'warning'))).toEqual([
      expect.stringMatching(
        /^warning\[udp-range-cost\] services\/realtime\/service\.yaml:\d+:5\n {2}arc-realtime publishes 101 UDP ports, which makes each start about 2\.0 s and each stop about 5\.6 s longer, and keeps 202 proxy processes running\.\n/,
      ),
      expect.stringMatching(
        /^warning\[volume-format-differs\] services\/cache\/service\.yaml:\d+:14\n {2}Data that arc-cache writes with the base of its upstream may be too new for the one of its recipe, which reads version 10 of the format and not 12\.\n/,
      ),
    ]);
    expect(warnings[0]?.suggestion).toBe(
      'use one port: `media: mux` under `settings` in arc.yaml, or ARC_MEDIA=mux',
    );
  });

  test.each(['bases: registry', 'base_overrides: { cache: registry }', 'base_overrides: { cache: local }'])(
    'bring none once the workspace chooses the single port and %s',
    (bases) => {
      const files = new Map(real).set('arc.yaml', `settings: { media: mux }\n${bases}\n`);
      expect(parseManifests({ files })).toMatchObject({ problems: [], warnings: [] });
    },
  );
});

test('a service is added by its folder alone', () => {
  const files = new Map(real)
    .set(
      'services/bus/service.yaml',
      serviceText('bus', 'depends_on: [cache]\nports:\n  - { name: nats, container: 4321, purpose: NATS }\n'),
    )
    .set('services/profiles.yaml', 'profiles:\n  think: { description: All., services: [realtime, bus] }\n');
  const { manifests, problems } = parseManifests({ files });
  expect(problems).toEqual([]);
  expect(manifests?.services.find(({ role }) => role === 'bus')).toMatchObject({
    name: 'arc-bus',
    ports: [{ container: { first: 4321, last: 4321 } }],
  });
});

test('a workspace without any file has nothing wrong with it', () => {
  expect(parse({})).toMatchObject({ manifests: { services: [], profiles: [] }, problems: [], warnings: [] });
});

describe('an error names the place, shows the line and says what to do', () => {
  test('an unknown field', () => {
    expect(shown(workspace({ role: 'a', text: serviceText('a', 'prots: []\n') }))).toBe(
      `error[unknown-field] services/a/service.yaml:12:1
  "prots" is not a field of a service.
    12 | prots: []
       | ^
  help: did you mean "ports"?`,
    );
  });

  test('a misspelt field that is needed, as one error and not two', () => {
    expect(shown(workspace({ role: 'a', text: serviceText('a').replace('codename', 'codname') }))).toBe(
      `error[unknown-field] services/a/service.yaml:3:1
  "codname" is not a field of a service.
    3 | codname: a
      | ^
  help: did you mean "codename"?`,
    );
  });

  test('a missing field', () => {
    expect(shown(workspace({ role: 'a', text: serviceText('a').replace(/^upstream.*\n/m, '') }))).toBe(
      `error[missing-field] services/a/service.yaml:1:1
  "upstream" is missing; a service needs it.
    1 | name: arc-a
      | ^
  help: add \`upstream: "docker.io/livekit/livekit-server:v1.13.5"\``,
    );
  });

  test('a number where text is needed', () => {
    expect(shown(workspace({ role: 'a', text: serviceText('a', 'environment:\n  PORT: 80\n') }))).toBe(
      `error[wrong-type] services/a/service.yaml:13:9
  "PORT" must be text, not the number 80.
    13 |   PORT: 80
       |         ^
  help: put it in quotes: "80"`,
    );
  });

  test('a word that is not among those allowed', () => {
    expect(shown(workspace({ role: 'a', text: serviceText('a', 'restart: allways\n') }))).toBe(
      `error[bad-value] services/a/service.yaml:12:10
  "restart" must be one of no, on-failure, unless-stopped or always, not "allways".
    12 | restart: allways
       |          ^
  help: did you mean "always"?`,
    );
  });

  test('a size without a unit', () => {
    expect(shown(workspace({ role: 'a', text: serviceText('a', 'resources: { memory: 256 }\n') }))).toBe(
      `error[wrong-type] services/a/service.yaml:12:22
  "memory" must be a size, not the number 256.
    12 | resources: { memory: 256 }
       |                      ^
  help: write it as in 256m`,
    );
  });

  test('a kind of probe that does not exist', () => {
    const kinds = schema.$defs.probe.oneOf.map(({ $ref }) => $ref.slice('#/$defs/'.length, -'_probe'.length));
    expect(
      shown(
        workspace({ role: 'a', text: serviceText('a').replace('kind: container', 'kind: htp, port: x') }),
      ),
    ).toBe(
      `error[bad-value] services/a/service.yaml:10:18
  "kind" must be one of ${kinds.slice(0, -1).join(', ')} or container, not "htp".
    10 |   probe: { kind: htp, port: x }
       |                  ^
  help: did you mean "http"?`,
    );
  });

  describe('in an npm step of a recipe', () => {
    const step = (text: string) =>
      workspace({ role: 'a', text: serviceText('a', `recipe:\n  - { kind: npm, ${text} }\n`) });

    test('a folder outside of the service', () => {
      expect(shown(step('folder: ../b, target: /opt/b, node: 24.21.0'))).toBe(
        `error[bad-value] services/a/service.yaml:13:26
  "folder" must be a folder below that of the service, or ../../ and one of the workspace, not "../b".
    13 |   - { kind: npm, folder: ../b, target: /opt/b, node: 24.21.0 }
       |                          ^
  help: write it as in worker`,
      );
    });

    test.each([
      ['24', 'not the number 24'],
      ['"24"', 'not "24"'],
      ['v24.21.0', 'not "v24.21.0"'],
      ['latest', 'not "latest"'],
    ])('a version of Node.js that is not the same every day: %s', (written, said) => {
      expect(shown(step(`folder: b, target: /opt/b, node: ${written}`))).toContain(
        `"node" must be a whole version of Node.js, ${said}.`,
      );
    });

    test('a program without a Node.js', () => {
      expect(shown(step('folder: b, target: /opt/b'))).toContain(
        'No npm step of the recipe says which Node.js the program runs on.',
      );
    });

    test('a Node.js that another step brings', () => {
      const library =
        'folder: l, target: /opt/l }\n  - { kind: npm, folder: b, target: /opt/b, node: 24.21.0';
      expect(codes(step(library))).toEqual([]);
      expect(shown(step(library.replace('/opt/l', '/opt/l, node: 24.21.0')))).toContain(
        'Two npm steps of the recipe bring Node.js.',
      );
    });

    test('a field that is missing, and one of another kind', () => {
      expect(codes(step('folder: b, node: 24.21.0, packages: [x]'))).toEqual([
        'missing-field services/a/service.yaml:13:5',
        'unknown-field services/a/service.yaml:13:44',
      ]);
    });
  });

  test('a hash that is none, in a pypi step of a recipe', () => {
    const step = 'kind: pypi, package: p, version: "1.0", hashes: [abc], programs: { /bin/p: "p-{cpu}" }';
    expect(codes(workspace({ role: 'a', text: serviceText('a', `recipe:\n  - { ${step} }\n`) }))).toEqual([
      'bad-value services/a/service.yaml:13:56',
    ]);
  });

  const hash = '0'.repeat(64);
  // The mark is where the problem is.
  test.each([
    ['takes nothing', 'recipe-step', `»{ kind: pypi, package: p, version: "1", hashes: ["${hash}"] }`],
    ['goes nowhere', 'recipe-step', `»{ kind: maven, artifacts: { "a:b:1": "${hash}" } }`],
    [
      'does two things',
      'recipe-step',
      `{ kind: maven, artifacts: { "a:b:1": "${hash}" }, target: /l, files: »{ /x: . } }`,
    ],
    [
      'unpacks what it would have to resolve',
      'recipe-step',
      `{ kind: maven, artifacts: { "a:b:1": "${hash}" }, lock: »l, files: { /x: . } }`,
    ],
    [
      'has a version that changes',
      'bad-name',
      `{ kind: maven, artifacts: { »"a:b:1-SNAPSHOT": "${hash}" }, target: /l }`,
    ],
    [
      'has a number for a version of Python',
      'wrong-type',
      '{ kind: python, folder: f, target: /f, python: »3.10 }',
    ],
    [
      'leads out of its target',
      'bad-value',
      '{ kind: python, folder: f, target: /f, python: "3.11", leave_out: [»../x] }',
    ],
    [
      'has a component without its version',
      'bad-value',
      '{ kind: collector, version: v0.155.0, target: /o, receivers: [»a/b], exporters: [a/c@v1.0.0] }',
    ],
    [
      'sets no variable',
      'bad-name',
      '{ kind: go-module, folder: f, target: /f, variables: { »Version: "1" } }',
    ],
  ])('a recipe step that %s', (_case, code, marked) => {
    const text = serviceText('a', `recipe:\n  - ${marked.replace('»', '')}\n`);
    expect(codes(workspace({ role: 'a', text }))).toEqual([
      `${code} services/a/service.yaml:13:${marked.indexOf('»') + 5}`,
    ]);
  });

  test('an unknown dependency', () => {
    expect(shown(workspace('cache', { role: 'a', text: serviceText('a', 'depends_on: [cash]\n') }))).toBe(
      `error[unknown-dependency] services/a/service.yaml:12:14
  arc-a depends on "cash", but no service, sidecar or job has that role.
    12 | depends_on: [cash]
       |              ^
  help: use one of a or cache`,
    );
  });

  test.each([
    [
      '{ service: cache, hold: 4s, restart: true }',
      'arc-a depends on cache with hold and restart, but a container that is restarted has nothing to hold.',
    ],
    [
      '{ service: cache-job, hold: 4s }',
      'arc-a depends on cache-job with hold, but cache-job is a job, whose end nothing has to notice.',
    ],
  ])('a dependency whose recovery means nothing: %s', (dependency, said) => {
    const job = 'jobs:\n  - { name: arc-cache-job, role: cache-job, description: d, user: "1:1" }\n';
    const files = workspace(
      { role: 'cache', text: serviceText('cache', job) },
      { role: 'a', text: serviceText('a', `depends_on: [${dependency}]\n`) },
    );
    expect(shown(files)).toContain(`error[useless-recovery] services/a/service.yaml:12:25\n  ${said}`);
  });

  test.each([
    ['optional: true', 'optional'],
    ['without: nothing much', 'without'],
  ])('a dependency that counts only when present cannot have %s', (field, name) => {
    const depends = `depends_on: [{ service: cache, when_present: true, ${field} }]\n`;
    expect(shown(workspace('cache', { role: 'a', text: serviceText('a', depends) }))).toContain(
      `error[contradicting-dependency] services/a/service.yaml:12:25\n  arc-a depends on cache with when_present and ${name}, which exclude each other.`,
    );
  });

  test.each([
    ['', 'contradicting-dependency', 'arc-a depends on cache with `to: use` and without when_present'],
    ['when_present: true, hold: 4s', 'useless-recovery', 'arc-a depends on cache with `to: use` and hold'],
    [
      'when_present: true, restart: true',
      'useless-recovery',
      'arc-a depends on cache with `to: use` and restart',
    ],
  ])('a dependency that nothing waits for cannot have "%s"', (fields, code, said) => {
    const depends = `depends_on: [{ service: cache, to: use${fields === '' ? '' : `, ${fields}`} }]\n`;
    expect(shown(workspace('cache', { role: 'a', text: serviceText('a', depends) }))).toContain(
      `error[${code}] services/a/service.yaml:12:25\n  ${said}`,
    );
  });

  test('two containers may use each other, because neither waits', () => {
    const uses = (role: string) => `depends_on: [{ service: ${role}, when_present: true, to: use }]\n`;
    const a = { role: 'a', text: serviceText('a', uses('b')) };
    expect(codes(workspace(a, { role: 'b', text: serviceText('b', uses('a')) }))).toEqual([]);
  });

  test('a container probe without a command that the Engine could run', () => {
    const check = 'checks: [{ name: up, description: It is up., probe: { kind: container } }]\n';
    const files = workspace({
      role: 'a',
      text: serviceText('a', check).replace('  command: [CMD, "true"]\n', ''),
    });
    expect(codes(files)).toEqual([
      'no-health-command services/a/service.yaml:10:10',
      'no-health-command services/a/service.yaml:11:53',
    ]);
    expect(shown(files)).toContain(
      'The container probe of arc-a asks the Engine, which has no `health.command` to run.',
    );
  });

  test('dependencies in a circle', () => {
    const needs = (role: string, other: string) => ({
      role,
      text: serviceText(role, `depends_on: [${other}]\n`),
    });
    expect(shown(workspace(needs('a', 'b'), needs('b', 'c'), needs('c', 'a')))).toBe(
      `error[dependency-cycle] services/c/service.yaml:12:14
  Containers wait for each other, so none could start: a → b → c → a.
    12 | depends_on: [a]
       |              ^
  help: remove one of these dependencies`,
    );
  });

  test('a container that depends on itself', () => {
    expect(
      shown(workspace({ role: 'a', text: serviceText('a', 'depends_on: [{ service: a }]\n') })),
    ).toContain('none could start: a → a.');
  });

  test('two containers on one port of the host', () => {
    const port = (role: string, bind: string) => ({
      role,
      text: serviceText(
        role,
        `ports:\n  - { name: x, container: 53, protocol: udp, bind: ${bind}, purpose: DNS }\n`,
      ),
    });
    expect(shown(workspace(port('a', '127.0.0.1'), port('b', '0.0.0.0')))).toBe(
      `error[port-conflict] services/b/service.yaml:13:27
  arc-b and arc-a both publish 53/udp on the host; the other is in services/a/service.yaml:13.
    13 |   - { name: x, container: 53, protocol: udp, bind: 0.0.0.0, purpose: DNS }
       |                           ^
  help: give one of them another \`host\` port`,
    );
  });

  test('where a port is published that is not', () => {
    const text = serviceText(
      'a',
      'ports:\n  - { name: x, container: 80, host: 81, publish: false, purpose: web }\n',
    );
    expect(shown(workspace({ role: 'a', text }))).toBe(
      `error[port-not-published] services/a/service.yaml:13:37
  \`host\` applies only to a published port, and this one is not published.
    13 |   - { name: x, container: 80, host: 81, publish: false, purpose: web }
       |                                     ^
  help: remove \`host\`, or \`publish: false\``,
    );
  });

  test('a TCP port that other machines could reach', () => {
    const text = serviceText('a', 'ports:\n  - { name: x, container: 80, bind: 0.0.0.0, purpose: web }\n');
    expect(shown(workspace({ role: 'a', text }))).toBe(
      `error[port-exposed] services/a/service.yaml:13:37
  The TCP port x of arc-a is bound to 0.0.0.0, where other machines can reach it.
    13 |   - { name: x, container: 80, bind: 0.0.0.0, purpose: web }
       |                                     ^
  help: remove \`bind\`, so that it is 127.0.0.1; for other machines, put a gateway in front, whose port may be \`public: true\``,
    );
  });

  test('a container that would run as root', () => {
    expect(shown(workspace({ role: 'a', text: serviceText('a').replace('"65532:65532"', '"0:0"') }))).toBe(
      `error[root-user] services/a/service.yaml:8:7
  arc-a would run as the user root (0:0).
    8 | user: "0:0"
      |       ^
  help: use a user and group of its own, for example "65532:65532"`,
    );
  });

  test('the group root without a reason, and a reason without it', () => {
    const as = (user: string, further = '') =>
      shown(workspace({ role: 'a', text: serviceText('a', further).replace('65532:65532', user) }));
    expect(as('10001:0')).toContain(
      'arc-a would run in the group root (10001:0).\n    8 | user: "10001:0"\n      |       ^\n  help: use a group of its own; where the upstream needs this one, say why with `root_group`',
    );
    expect(as('10001:0', 'root_group: its files belong to it\n')).toBe('');
    expect(as('10001:1', 'root_group: its files belong to it\n')).toContain(
      'error[needless-root-group] services/a/service.yaml:12:13',
    );
    expect(as('0:0', 'root_group: its files belong to it\n')).toContain('error[root-user]');
  });

  test('an alias that another container answers to', () => {
    const files = workspace('cache', {
      role: 'a',
      text: serviceText('a', 'aliases: [sonic, arc-cache, sonic]\n'),
    });
    expect(codes(files)).toEqual([
      'duplicate-host services/a/service.yaml:12:18',
      'duplicate-host services/a/service.yaml:12:29',
    ]);
    expect(shown(files)).toContain(
      'Two containers answer to the host name "arc-cache"; the first is in services/cache/service.yaml:1.',
    );
  });

  test('limits and a log driver that are not what they should be', () => {
    const files = workspace({
      role: 'a',
      text: serviceText(
        'a',
        'resources: { ulimits: { nofiles: 1, nofile: { soft: 1 }, core: -2 } }\nlogging: { options: { a: 1 } }\n',
      ),
    });
    expect(codes(files)).toEqual([
      'bad-name services/a/service.yaml:12:25',
      'missing-field services/a/service.yaml:12:45',
      'bad-value services/a/service.yaml:12:64',
      'missing-field services/a/service.yaml:13:10',
      'wrong-type services/a/service.yaml:13:26',
    ]);
  });

  test('a profile with an unknown service', () => {
    const profiles = 'profiles:\n  think:\n    description: All.\n    services: [cahce]\n';
    expect(shown({ ...workspace('cache'), 'services/profiles.yaml': profiles })).toBe(
      `error[unknown-service] services/profiles.yaml:4:16
  The profile think names "cahce", which is not a service.
    4 |     services: [cahce]
      |                ^
  help: did you mean "cache"?`,
    );
  });

  test('a profile that extends itself', () => {
    const profiles = `profiles:
  a: { description: A., extends: b }
  b: { description: B., extends: c }
  c: { description: C., extends: b }
`;
    expect(shown({ 'services/profiles.yaml': profiles })).toBe(
      `error[profile-circle] services/profiles.yaml:3:34
  A profile extends itself: b → c → b.
    3 |   b: { description: B., extends: c }
      |                                  ^
  help: remove \`extends\` from one of them`,
    );
  });

  test('a template that does not exist', () => {
    const text = serviceText(
      'a',
      'config:\n  - { template: ap.conf.liquid, file: app.conf, target: /app.conf }\n',
    );
    expect(shown({ ...workspace({ role: 'a', text }), 'services/a/app.conf.liquid': '' })).toBe(
      `error[missing-template] services/a/service.yaml:13:17
  The template services/a/ap.conf.liquid does not exist.
    13 |   - { template: ap.conf.liquid, file: app.conf, target: /app.conf }
       |                 ^
  help: did you mean "app.conf.liquid"?`,
    );
  });

  test('a file that is not YAML', () => {
    expect(shown({ 'services/a/service.yaml': 'name: a\n\trole: b\n' })).toBe(
      `error[yaml-syntax] services/a/service.yaml:2:1
  This is not YAML: tab characters must not be used in indentation.
    2 |  role: b
      | ^
  help: indent with spaces`,
    );
  });
});

test('two containers may have the same port where at most one publishes it', () => {
  const text = (role: string, publish: boolean) =>
    serviceText(role, `ports:\n  - { name: x, container: 8080, publish: ${publish}, purpose: web }\n`);
  const files = workspace(
    { role: 'a', text: text('a', false) },
    { role: 'b', text: text('b', false) },
    { role: 'c', text: text('c', true) },
  );
  expect(shown(files)).toBe('');
});

describe('whatever is wrong is found', () => {
  const withLines = (lines: string) => workspace({ role: 'a', text: serviceText('a', lines) });
  const withTemplate = (content: string | Uint8Array) => ({
    ...withLines('config:\n  - { template: t.liquid, file: t, target: /t }\n'),
    'services/a/t.liquid': content,
  });
  test.each([
    [
      'a name twice',
      workspace('a', { role: 'b', text: serviceText('b').replace('arc-b', 'arc-a') }),
      ['duplicate-container services/b/service.yaml:1:7'],
    ],
    [
      'a role twice',
      workspace('a', { role: 'b', text: serviceText('b').replace('role: b', 'role: a') }),
      ['duplicate-role services/b/service.yaml:2:7'],
    ],
    [
      'a profile and a service of one name',
      { ...workspace('a'), 'services/profiles.yaml': 'profiles:\n  a: { description: A. }\n' },
      ['duplicate-role services/a/service.yaml:2:7'],
    ],
    [
      'a setting of two services',
      workspace(
        { role: 'a', text: serviceText('a', 'settings:\n  x: { description: X., default: "1" }\n') },
        { role: 'b', text: serviceText('b', 'settings:\n  x: { description: X., default: "1" }\n') },
      ),
      ['duplicate-setting services/b/service.yaml:13:3'],
    ],
    [
      'a second container that collects the logs of all others',
      workspace(
        { role: 'a', text: serviceText('a', 'collects_logs: { driver: fluentd }\n') },
        { role: 'b', text: serviceText('b', 'collects_logs: { driver: fluentd }\n') },
      ),
      ['second-log-collector services/b/service.yaml:12:16'],
    ],
    [
      'a probe of an unknown port',
      {
        ...workspace({
          role: 'a',
          text: serviceText('a').replace('kind: container', 'kind: tcp, port: http'),
        }),
      },
      ['unknown-port services/a/service.yaml:10:29'],
    ],
    [
      'a probe of a UDP port',
      workspace({
        role: 'a',
        text: serviceText(
          'a',
          'ports:\n  - { name: x, container: 53, protocol: udp, purpose: DNS }\n',
        ).replace('kind: container', 'kind: tcp, port: x'),
      }),
      ['bad-probe-port services/a/service.yaml:10:29'],
    ],
    [
      'a check that needs what is not there',
      withLines('checks:\n  - { name: x, description: X., probe: { kind: container }, needs: [b] }\n'),
      ['unknown-need services/a/service.yaml:13:69'],
    ],
    [
      'a check of an unknown container',
      withLines('checks:\n  - { name: x, description: X., probe: { kind: container }, container: b }\n'),
      ['unknown-container services/a/service.yaml:13:72'],
    ],
    [
      'an unknown schema',
      {
        ...withLines('config:\n  - { template: t.liquid, file: t, target: /t, schema: livekit }\n'),
        'services/a/t.liquid': 'text',
      },
      ['unknown-schema services/a/service.yaml:13:56'],
    ],
    [
      'a rendered file over the manifest',
      {
        ...withLines('config:\n  - { template: t.liquid, file: service.yaml, target: /t }\n'),
        'services/a/t.liquid': 'text',
      },
      ['file-conflict services/a/service.yaml:13:33'],
    ],
    [
      'a range that runs backwards',
      withLines('ports:\n  - { name: x, container: 200-100, protocol: udp, purpose: X }\n'),
      ['bad-port services/a/service.yaml:13:27'],
    ],
    [
      'a port above 65535 in a range',
      withLines('ports:\n  - { name: x, container: 65000-70000, protocol: udp, purpose: X }\n'),
      ['bad-port services/a/service.yaml:13:27'],
    ],
    [
      'ranges of different lengths',
      withLines('ports:\n  - { name: x, container: 100-110, host: 200-205, protocol: udp, purpose: X }\n'),
      ['bad-port services/a/service.yaml:13:42'],
    ],
    [
      'a port under a setting that is not there',
      withLines('ports:\n  - { name: x, container: 80, purpose: X, when: { media: mux } }\n'),
      ['unknown-setting services/a/service.yaml:13:58'],
    ],
    [
      'a default outside of the values',
      withLines('settings:\n  x: { description: X., default: c, values: [a, b] }\n'),
      ['bad-setting services/a/service.yaml:13:34'],
    ],
    [
      'a setting of the workspace that is not there',
      { ...workspace('a'), 'arc.yaml': 'settings: { medai: mux }' },
      ['unknown-setting arc.yaml:1:20'],
    ],
    [
      'a base for an unknown container',
      { ...workspace('a'), 'arc.yaml': 'base_overrides: { b: local }' },
      ['unknown-service arc.yaml:1:22'],
    ],
    [
      'a flavour for an unknown container',
      { ...workspace('a'), 'arc.yaml': 'flavour_overrides: { b: embedded }' },
      ['unknown-service arc.yaml:1:25'],
    ],
    [
      'a flavour for a container that has one only',
      { ...workspace('a'), 'arc.yaml': 'flavour_overrides: { a: embedded }' },
      ['no-flavours arc.yaml:1:25'],
    ],
    [
      'what is wrong in a flavour, where it is written',
      withLines(
        `flavours:\n  embedded:\n    image: ghcr.io/arc-framework/arc-a:latest\n    upstream: x/y:1\n` +
          '    recipe: [{ kind: debian, packages: [x] }]\n    user: "0:0"\n' +
          '    config: [{ template: x.liquid, file: x, target: /x }]\n',
      ),
      [
        'flavour-image services/a/service.yaml:14:12',
        'root-user services/a/service.yaml:17:11',
        'missing-template services/a/service.yaml:18:26',
      ],
    ],
    [
      'a flavour that says nothing, or has no name that could be typed',
      withLines('flavours:\n  small: {}\n  A_b: { read_only: false }\n'),
      ['too-few-items services/a/service.yaml:13:10', 'bad-name services/a/service.yaml:14:3'],
    ],
    [
      'a flavour without a container that has fields of one, or is not the last',
      withLines('flavours:\n  none: { absent: nothing works, user: "1:1" }\n  small: { read_only: true }\n'),
      ['unknown-field services/a/service.yaml:13:34', 'unreachable-flavour services/a/service.yaml:14:10'],
    ],
    [
      'a flavour with the name of something else',
      withLines('flavours:\n  auto: { read_only: false }\n  upstream: { read_only: false }\n'),
      ['reserved-flavour services/a/service.yaml:13:9', 'reserved-flavour services/a/service.yaml:14:13'],
    ],
    [
      'a flavour whose image would be built over that of the container',
      withLines('flavours:\n  small: { upstream: x/y:1 }\n  tiny: { command: [x] }\n'),
      ['flavour-image services/a/service.yaml:13:10'],
    ],
    [
      'a check of a port that a flavour does not have',
      withLines(
        'ports: [{ name: http, container: 8080, purpose: API }]\n' +
          'checks: [{ name: x, description: X., probe: { kind: tcp, port: http } }]\n' +
          'flavours:\n  small: { ports: [{ name: api, container: 9000, purpose: API }] }\n',
      ),
      ['unknown-port services/a/service.yaml:13:64'],
    ],
    [
      'a port of the host that a flavour publishes, and another container too',
      workspace(
        { role: 'a', text: serviceText('a', 'ports: [{ name: http, container: 8080, purpose: X }]\n') },
        {
          role: 'b',
          text: serviceText(
            'b',
            'flavours:\n  small: { ports: [{ name: http, container: 8080, purpose: X }] }\n' +
              '  tiny: { ports: [{ name: http, container: 8081, purpose: X }] }\n' +
              '  other: { ports: [{ name: http, container: 8081, purpose: X }] }\n',
          ),
        },
      ),
      ['port-conflict services/b/service.yaml:13:45'],
    ],
    [
      'a flavour that no container has, or not the one that is meant',
      {
        ...withLines('flavours:\n  small: { read_only: false }\n'),
        'arc.yaml': 'flavours: smal\nflavour_overrides: { a: tiny }\n',
      },
      ['unknown-flavour arc.yaml:1:11', 'unknown-flavour arc.yaml:2:25'],
    ],
    [
      'a default profile that is not there',
      { ...workspace('a'), 'arc.yaml': 'default_profile: thnk' },
      ['unknown-profile arc.yaml:1:18'],
    ],
    [
      'a profile on top of an unknown one',
      { 'services/profiles.yaml': 'profiles:\n  a: { description: A., extends: b }\n' },
      ['unknown-profile services/profiles.yaml:2:34'],
    ],
    [
      'an image without a version',
      workspace({ role: 'a', text: serviceText('a').replace('demo:1.0', 'demo') }),
      ['bad-value services/a/service.yaml:7:11'],
    ],
    [
      'a development secret that is too short to be hidden',
      withLines('secrets:\n  a_key: { description: X., dev: short, generate: { length: 8 }, env: X }\n'),
      ['bad-secret services/a/service.yaml:13:34'],
    ],
    [
      'a development secret with characters that its own manifest forbids',
      withLines(
        "secrets:\n  a_key:\n    { description: X., dev: 'two words', characters: word, generate: { length: 8 }, env: X }\n",
      ),
      ['bad-secret services/a/service.yaml:14:29'],
    ],
    [
      'a secret that is generated too short',
      withLines(
        'secrets:\n  a_key: { description: X., dev: long-enough, length: { min: 10 }, generate: { length: 8 }, env: X }\n',
      ),
      ['bad-secret services/a/service.yaml:13:78'],
    ],
    [
      'a development value that is not the seed of an nkey',
      withLines(
        'secrets:\n  a_key: { description: X., dev: long-enough, generate: { nkey: true }, env: X }\n',
      ),
      ['bad-secret services/a/service.yaml:13:34'],
    ],
    [
      'a secret that is generated as an nkey of some length',
      withLines(
        'secrets:\n  a_key: { description: X., dev: long-enough, generate: { nkey: true, length: 8 }, env: X }\n',
      ),
      ['bad-secret services/a/service.yaml:13:57'],
    ],
    [
      'a secret whose generated value has no length',
      withLines(
        'secrets:\n  a_key: { description: X., dev: long-enough, generate: { prefix: API }, env: X }\n',
      ),
      ['bad-secret services/a/service.yaml:13:57'],
    ],
    [
      'a sensitive secret that may be too short to be hidden',
      withLines(
        'secrets:\n  a_key: { description: X., dev: long-enough, length: { min: 3 }, generate: { length: 8 }, env: X }\n',
      ),
      ['bad-secret services/a/service.yaml:13:62'],
    ],
    [
      'a key that is no name',
      withLines(
        'secrets:\n  Bad-Name: { description: X., dev: long-enough, generate: { length: 8 }, env: X }\n',
      ),
      ['bad-name services/a/service.yaml:13:3'],
    ],
    [
      'a manifest that is text',
      { 'services/a/service.yaml': 'hello' },
      ['wrong-type services/a/service.yaml:1:1'],
    ],
    [
      'a manifest that is empty',
      { 'services/a/service.yaml': '# later\n' },
      ['empty-file services/a/service.yaml:1:1'],
    ],
    [
      'profiles that are null',
      { 'services/profiles.yaml': 'profiles:\n' },
      ['wrong-type services/profiles.yaml:1:9'],
    ],
    [
      'a template with one byte of Latin-1 in it',
      withTemplate(Buffer.from('# ok\n# acc\xe8s\n', 'latin1')),
      ['not-utf8 services/a/t.liquid:2:6'],
    ],
    [
      'a template in UTF-16',
      withTemplate(Buffer.from('\uFEFFpassword={{ project }}', 'utf16le')),
      ['not-utf8 services/a/t.liquid:1:1'],
    ],
    [
      'a template with a control character',
      withTemplate('a\nb\u0000'),
      ['control-character services/a/t.liquid:2:2'],
    ],
    ['an empty template', withTemplate(' \n'), ['empty-file services/a/t.liquid:1:1']],
    [
      'a template whose name does not say that it is one',
      {
        ...withLines('config:\n  - { template: t.yaml, file: t, target: /t }\n'),
        'services/a/t.yaml': 'a: 1',
      },
      ['bad-value services/a/service.yaml:13:17'],
    ],
    [
      'a manifest of bytes',
      { 'services/a/service.yaml': new Uint8Array([0, 1, 2, 255]) },
      ['not-utf8 services/a/service.yaml:1:4'],
    ],
  ])('%s', (_, files, problems) => {
    expect(codes(files as Files)).toEqual(problems);
  });

  test('all of it at once, in the order of the files', () => {
    const files = {
      ...workspace(
        { role: 'a', text: serviceText('a', 'prots: []\ndepends_on: [nobody]\nrestart: maybe\n') },
        { role: 'b', text: serviceText('b', 'read_only: 5\n').replace('"65532:65532"', '"0:1"') },
      ),
      'arc.yaml': 'projcet: x\n',
      'services/profiles.yaml': 'profiles:\n  think: { description: X., services: [x] }\n',
    };
    expect(codes(files)).toEqual([
      'unknown-field arc.yaml:1:1',
      'unknown-field services/a/service.yaml:12:1',
      'unknown-dependency services/a/service.yaml:13:14',
      'bad-value services/a/service.yaml:14:10',
      'root-user services/b/service.yaml:8:7',
      'wrong-type services/b/service.yaml:12:12',
      'unknown-service services/profiles.yaml:2:40',
    ]);
    expect(parse(files).manifests).toBeUndefined();
  });

  test('but not what follows from a manifest that cannot be read', () => {
    const files = {
      'services/cache/service.yaml': 'name: [',
      ...workspace({ role: 'a', text: serviceText('a', 'depends_on: [cache, cache-job]\n') }),
    };
    expect(codes(files)).toEqual(['yaml-syntax services/cache/service.yaml:1:8']);
  });

  test('and of a file with thousands of problems the first fifty', () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `unknown${index}: 1`).join('\n');
    const { problems } = parse(withLines(lines));
    expect(problems).toHaveLength(51);
    expect(problems.at(-1)?.message).toBe(
      'services/a/service.yaml has more than 50 problems; those from here on are not shown.',
    );
  });
});

describe('ports do not meet', () => {
  const ports = (lines: string) =>
    codes(workspace({ role: 'a', text: serviceText('a', `${settings}ports:\n${lines}`) }));
  const settings = 'settings:\n  media: { description: M., default: range, values: [range, mux] }\n';

  test('under different values of one setting', () => {
    expect(
      ports(`  - { name: a, container: 100-105, protocol: udp, purpose: X, when: { media: range } }
  - { name: b, container: 103, protocol: udp, purpose: X, when: { media: mux } }
`),
    ).toEqual([]);
  });

  test('on different addresses or protocols', () => {
    expect(
      ports(`  - { name: a, container: 100, protocol: udp, purpose: X }
  - { name: b, container: 100, protocol: udp, bind: 192.0.2.1, purpose: X }
  - { name: c, container: 100, purpose: X }
`),
    ).toEqual([]);
  });

  test('but ranges that overlap do, also inside of a longer one', () => {
    expect(
      ports(`  - { name: a, container: 100-109, protocol: udp, purpose: X }
  - { name: b, container: 101, protocol: udp, purpose: X }
  - { name: c, container: 109, protocol: udp, purpose: X }
`),
    ).toEqual(['port-conflict services/a/service.yaml:16:27', 'port-conflict services/a/service.yaml:17:27']);
  });
});

describe('chains as long as there are services', () => {
  const many = (count: number, further: (index: number) => string): Files =>
    workspace(
      ...Array.from({ length: count }, (_, index) => ({
        role: `s${index}`,
        text: serviceText(
          `s${index}`,
          `${further(index)}ports:\n  - { name: http, container: ${10_000 + index}, purpose: X }\n`,
        ),
      })),
    );
  test.each([
    ['valid', (index: number) => (index === 0 ? '' : `depends_on: [s${index - 1}]\n`), 0],
    ['each depending on what is not there', (index: number) => `depends_on: [nobody${index}]\n`, 4_000],
  ])('4,000 services, %s', { timeout: 60_000 }, (_, further, count) => {
    // No walk may recurse.
    expect(parse(many(4_000, further)).problems).toHaveLength(count);
  });
});
