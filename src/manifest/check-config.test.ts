import { describe, expect, test } from 'vitest';
import { pick, randomFrom } from '../../tests/fixtures/mutate.ts';
import { realWorkspace } from '../../tests/fixtures/workspace.ts';
import { formatProblem } from '../cli/output/format-problem.ts';
import { noContracts } from '../contracts/model.ts';
import { checkConfigFiles } from './check-config.ts';
import { parseManifests } from './parse.ts';

const { manifests } = parseManifests({ files: await realWorkspace() });
if (manifests === undefined) throw new Error('the manifests of this repository are not valid');
const server = manifests.services.find((service) => service.role === 'realtime');
const cache = manifests.services.find((service) => service.role === 'cache');
/** Line of a port in its manifest. */
const line = (owner: typeof server, port: string) =>
  owner?.ports.find(({ name }) => name === port)?.location.line;

const livekit = `port: 7880
rtc:
  tcp_port: 7881
  port_range_start: 50100
  port_range_end: 50200
redis:
  address: arc-cache:6379
  password: the-redis-password
keys:
  devkey: the-secret-of-at-least-32-characters
turn:
  enabled: true
  domain: turn.arc.local
  tls_port: 7882
`;
const metrics = `prometheus:
  port: 6789
`;
const ingress = `api_key: devkey
api_secret: the-secret-of-at-least-32-characters
ws_url: ws://arc-realtime:7880
redis:
  address: arc-cache:6379
  password: the-redis-password
rtmp_port: 1935
health_port: 7888
`;
const egress = `api_key: devkey
api_secret: the-secret-of-at-least-32-characters
ws_url: ws://arc-realtime:7880
redis:
  address: arc-cache:6379
  password: the-redis-password
health_port: 7889
storage:
  s3:
    access_key: the-access-key
    secret: the-secret-key
    endpoint: http://arc-storage:9000
    bucket: recordings
`;

type Texts = { livekit: string; ingress: string; egress: string };

function check(texts: Partial<Texts>) {
  const roles = { livekit: 'realtime', ingress: 'realtime-ingress', egress: 'realtime-egress' };
  const schemas = { livekit: 'livekit-server', ingress: 'livekit-ingress', egress: 'livekit-egress' };
  const expected: Texts = { livekit, ingress, egress };
  return checkConfigFiles({
    manifests: manifests ?? {
      services: [],
      profiles: [],
      contracts: noContracts,
      workspace: undefined as never,
    },
    files: (['livekit', 'ingress', 'egress'] as const).map((name) => ({
      file: `services/realtime/${name}.yaml`,
      role: roles[name],
      schema: schemas[name],
      content: texts[name] ?? expected[name],
      expected: expected[name],
    })),
  }).problems;
}

const shown = (texts: Partial<Texts>) =>
  check(texts)
    .map((problem) => formatProblem(problem))
    .join('\n');

test('files that agree have no problem', () => {
  expect(shown({})).toBe('');
});

describe('an address', () => {
  const told = (texts: Partial<Texts>) =>
    check(texts).map(
      ({ code, message, suggestion, location }) =>
        `${code} ${location?.line}:${location?.column} ${message} ${suggestion}`,
    );
  const webhook = (url: string) => ({
    livekit: `${livekit}webhook:\n  api_key: devkey\n  urls: ['${url}']\n`,
  });

  test.each(['https://example.com/hook', 'http://hooks.example.com:8080/a?b=c', 'http://10.0.0.1'])(
    'of a webhook may be anywhere: %s',
    (url) => expect(told(webhook(url))).toEqual([]),
  );

  test.each([
    ['without a scheme', 'example.com/hook', 'bad-address'],
    ['with another scheme', 'ftp://example.com', 'bad-address'],
    ['with a typing error in the scheme', 'http:/example.com', 'bad-address'],
    ['without a host', 'http:///hook', 'bad-address'],
    ['with a port that does not exist', 'http://example.com:99999', 'bad-address'],
    ['that is the container itself', 'http://localhost:3000/hook', 'address-mismatch'],
    ['that is the container itself, as a number', 'http://127.0.0.1:3000', 'address-mismatch'],
    ['of no container', 'http://hooks:3000', 'unknown-host'],
    ['of a port that the container does not have', 'http://arc-cache:80', 'address-mismatch'],
    ['with TLS to a plain port', 'https://arc-storage:9000/hook', 'address-mismatch'],
  ])('of a webhook is refused %s', (_, url, code) => {
    const problems = told(webhook(url));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${code} 17:10 `));
  });

  test('that clients are told names a host, and of this machine a port that is published', () => {
    const rtmp = (url: string) => told({ livekit: `${livekit}ingress:\n  rtmp_base_url: ${url}\n` });
    expect(rtmp('rtmp://127.0.0.1:1935/live')).toEqual([]);
    expect(rtmp('rtmps://live.example.com/live')).toEqual([]);
    expect(rtmp('rtmp:///localhost:1935/live')).toEqual([
      'bad-address 16:18 `ingress.rtmp_base_url` names no host and port that can be reached. write rtmp://host:port, with two slashes before the host',
    ]);
    expect(rtmp('http://127.0.0.1:1935')[0]).toContain('begins with rtmp:// or rtmps://');
    expect(rtmp('rtmp://localhost:1936/live')[0]).toContain(
      'leads clients to port 1936 of this machine, which no container publishes. TCP ports that are published: ',
    );
  });

  test('begins with TLS where the port speaks it, and only there', () => {
    const wss = { egress: egress.replace('ws://', 'wss://') };
    expect(told(wss)).toEqual([
      `address-mismatch 3:9 \`ws_url\` leads to arc-realtime:7880 with wss://, but the port http does not speak TLS (services/realtime/service.yaml:${line(server, 'http')}). write ws://arc-realtime:7880; a port that speaks TLS by itself has \`tls: true\` in its manifest`,
    ]);
    expect(told({ egress: egress.replace('http://arc', 'https://arc') })[0]).toContain(
      'write http://arc-storage:9000',
    );
  });
});

describe('a field that needs another', () => {
  const gaps = (texts: Partial<Texts>) =>
    check(texts)
      .filter(({ code }) => code === 'missing-field')
      .map(({ message, location }) => `${location?.line} ${message}`);

  test('is refused without it, or with it empty', () => {
    const urls = (rest: string) =>
      gaps({ livekit: `${livekit}webhook:\n  urls: [https://example.com]\n${rest}` });
    const problem = ['16 `webhook.urls` needs `api_key` beside it, which has no value.'];
    expect(urls('')).toEqual(problem);
    expect(urls("  api_key: ''\n")).toEqual(problem);
    expect(urls('  api_key:\n')).toEqual(problem);
    expect(urls('  api_key: devkey\n')).toEqual([]);
    expect(gaps({ livekit: `${livekit}webhook: { urls: [] }\n` })).toEqual([]);
  });

  test.each([
    [
      'half a range of ports',
      { livekit: livekit.replace('  port_range_end: 50200\n', '') },
      '4 `rtc.port_range_start` needs `port_range_end`',
    ],
    [
      'a key without its secret',
      { egress: egress.replace('    secret: the-secret-key\n', '') },
      '10 `storage.s3.access_key` needs `secret`',
    ],
    [
      'an API key without its secret',
      { ingress: ingress.replace(/api_secret.*\n/, '') },
      '1 `api_key` needs `api_secret`',
    ],
  ])('of %s', (_, texts, problem) => {
    expect(gaps(texts)).toEqual([`${problem} beside it, which has no value.`]);
  });
});

describe('a field that the upstream does not have', () => {
  test('keeps LiveKit from starting', () => {
    expect(shown({ livekit: livekit.replace('port: 7880', 'port: 7880\ngrpc_port: 7881') })).toBe(
      `error[unknown-field] services/realtime/livekit.yaml:2:1
  "grpc_port" is not a field of the configuration of LiveKit server.
    2 | grpc_port: 7881
      | ^
  LiveKit server 1.13.5 does not start with it.
  help: there is no gRPC port; 7881 is ICE over TCP: write it as \`tcp_port\` under \`rtc\``,
    );
  });

  test('is ignored by ingress', () => {
    expect(shown({ ingress: ingress.replace('ws_url', 'api_url') })).toBe(
      `error[unknown-field] services/realtime/ingress.yaml:3:1
  "api_url" is not a field of the configuration of LiveKit ingress.
    3 | api_url: [hidden]
      | ^
  LiveKit ingress 1.5.0 ignores it in silence.
  help: write it as \`ws_url\``,
    );
  });

  test('is ignored by egress, so that recordings would never reach the store', () => {
    expect(shown({ egress: egress.replace('storage:\n  s3:', 's3:').replaceAll('    ', '  ') })).toBe(
      `error[unknown-field] services/realtime/egress.yaml:8:1
  "s3" is not a field of the configuration of LiveKit egress.
    8 | s3:
      | ^
  LiveKit egress 1.14.0 ignores it in silence.
  help: put it under \`storage\``,
    );
  });

  test('is compared with those that it has', () => {
    expect(shown({ livekit: livekit.replace('tcp_port', 'tcp_prot') })).toContain(
      'help: did you mean "tcp_port"?',
    );
  });
});

describe('values that the upstream would not take', () => {
  test.each([
    [
      'a port in quotes',
      { livekit: livekit.replace('port: 7880', 'port: "7880"') },
      '"port" must be a port, not "7880".',
    ],
    [
      'a Redis URL',
      { livekit: livekit.replace('address: ', 'address: redis://') },
      '"address" must be a host and a port, not "redis://arc-cache:6379".',
    ],
    [
      'a domain without a dot',
      { livekit: livekit.replace('turn.arc.local', 'localhost') },
      '"domain" must be a domain name with a dot, not "localhost".',
    ],
    [
      'no Redis for ingress',
      { ingress: ingress.replace(/redis:\n.*\n.*\n/, '') },
      '"redis" is missing; the configuration of LiveKit ingress needs it.',
    ],
  ])('%s', (_, texts, message) => {
    expect(check(texts).map((problem) => problem.message)).toEqual([message]);
  });

  test('but what Go reads as a switch, a number or text is right', () => {
    expect(
      check({
        livekit: livekit.replace('enabled: true', 'enabled: yes').replace('the-redis-password', '1234'),
      }),
    ).toMatchObject([
      // The other files still have the old password.
      { code: 'config-mismatch' },
      { code: 'config-mismatch' },
    ]);
  });
});

describe('files that disagree', () => {
  test('on the API key', () => {
    expect(shown({ ingress: ingress.replace('devkey', 'otherkey') })).toBe(
      `error[config-mismatch] services/realtime/ingress.yaml:1:10
  \`api_key\` does not agree with \`keys\` in services/realtime/livekit.yaml:10.
    1 | api_key: [hidden]
      |          ^
  help: correct it, or let \`arc generate\` rewrite it`,
    );
  });

  test('on the secret of the key', () => {
    expect(shown({ egress: egress.replace('the-secret-of', 'a-secret-of') })).toBe(
      `error[config-mismatch] services/realtime/egress.yaml:2:13
  \`api_secret\` does not agree with \`keys\` in services/realtime/livekit.yaml:10.
    2 | api_secret: [hidden]
      |             ^
  help: correct it, or let \`arc generate\` rewrite it`,
    );
  });

  test('not when each uses another of several keys', () => {
    const second = '  second: another-secret-of-at-least-32-characters\n';
    expect(
      check({
        livekit: livekit.replace('turn:', `${second}turn:`),
        egress: egress
          .replace('api_key: devkey', 'api_key: second')
          .replace('the-secret-of', 'another-secret-of'),
      }),
    ).toEqual([]);
  });

  test('on the password of Redis, which no checked file defines', () => {
    expect(shown({ egress: egress.replace('the-redis-password', 'another') })).toBe(
      `error[config-mismatch] services/realtime/egress.yaml:6:13
  \`redis.password\` does not agree with \`redis.password\` in services/realtime/livekit.yaml:8.
    6 |   password: [hidden]
      |             ^
  help: correct it, or let \`arc generate\` rewrite it`,
    );
  });

  test('on the port of the server', () => {
    expect(shown({ ingress: ingress.replace('7880', '7881') })).toBe(
      `error[config-mismatch] services/realtime/ingress.yaml:3:9
  \`ws_url\` does not agree with \`port\` in services/realtime/livekit.yaml:1: here arc-realtime:7881, there arc-realtime:7880.
    3 | ws_url: ws://arc-realtime:7881
      |         ^
  help: correct it, or let \`arc generate\` rewrite it`,
    );
  });
});

describe('files that disagree with the manifests', () => {
  test('on a port that the program listens on', () => {
    expect(shown({ livekit: livekit.replace('tcp_port: 7881', 'tcp_port: 7891') + metrics })).toBe(
      `error[port-mismatch] services/realtime/livekit.yaml:3:13
  \`rtc.tcp_port\` is 7891, but arc-realtime has ice_tcp 7881 (services/realtime/service.yaml:${line(server, 'ice_tcp')}).
    3 |   tcp_port: 7891
      |             ^
  help: correct it, or let \`arc generate\` rewrite it`,
    );
  });

  test('on a port of another container', () => {
    expect(shown({ egress: egress.replace('6379', '6380') })).toBe(
      `error[address-mismatch] services/realtime/egress.yaml:5:12
  \`redis.address\` leads to arc-cache:6380, but arc-cache has redis 6379 (services/cache/service.yaml:${line(cache, 'redis')}).
    5 |   address: arc-cache:6380
      |            ^
  help: write arc-cache:6379`,
    );
  });

  test('on the name of a container', () => {
    expect(shown({ egress: egress.replace('//arc-storage', '//arc-storrage') })).toContain(
      '`storage.s3.endpoint` leads to arc-storrage:9000, but no container is named "arc-storrage".',
    );
  });

  test('by leading back to the container itself', () => {
    expect(shown({ egress: egress.replace('arc-cache', 'localhost') })).toBe(
      `error[address-mismatch] services/realtime/egress.yaml:5:12
  \`redis.address\` leads to localhost:6379, which in a container is arc-realtime-egress itself.
    5 |   address: localhost:6379
      |            ^
  help: write arc-cache:6379`,
    );
  });

  test('not by leading to a machine elsewhere', () => {
    const elsewhere = (text: string) => text.replace('arc-cache:6379', 'redis.example.com:6380');
    expect(
      check({ livekit: elsewhere(livekit), ingress: elsewhere(ingress), egress: elsewhere(egress) }),
    ).toEqual([]);
  });
});

describe('what is secret is not shown', () => {
  test('of a file that cannot be read, no line is', () => {
    const [problem] = check({ livekit: livekit.replace('  devkey', '   x: 1\n  devkey') });
    expect(problem).toMatchObject({ code: 'yaml-syntax', location: { line: 11 } });
    expect(problem?.location).not.toHaveProperty('excerpt');
  });

  test('in an address with a password, neither', () => {
    const text = shown({ livekit: livekit.replace('arc-cache:6379', 'redis://user:hunter2@arc-cache:6379') });
    expect(text).toContain('"address" must be a host and a port');
    expect(text).not.toContain('hunter2');
  });

  // Lines taken out, doubled, put elsewhere or misspelt, as happens to files that are edited by hand.
  test('in 2,000 files that were edited badly, nowhere', { timeout: 60_000 }, () => {
    const random = randomFrom(7);
    for (let round = 0; round < 2_000; round += 1) {
      const name = pick(random, ['livekit', 'ingress', 'egress'] as const);
      const lines = { livekit, ingress, egress }[name].split('\n');
      for (let count = 0; count < 3; count += 1) {
        const at = Math.floor(random() * lines.length);
        const written = lines[at] ?? '';
        const kind = pick(random, ['take', 'double', 'indent', 'misspell', 'colon'] as const);
        if (kind === 'take') lines.splice(at, 1);
        if (kind === 'double') lines.splice(Math.floor(random() * lines.length), 0, written);
        if (kind === 'indent') lines[at] = pick(random, [`  ${written}`, written.trimStart()]);
        if (kind === 'misspell') lines[at] = written.replace(/\w(?=\w*:)/, 'q');
        if (kind === 'colon')
          lines[at] = written.replace(
            ': ',
            pick(random, [':', ' ', ': "', ': [', ': *', ': &', ': !', ': !!', ': |', ': @', ': %']),
          );
      }
      const text = shown({ [name]: lines.join('\n') });
      expect(text, lines.join('\n')).not.toMatch(/the-redis-password|the-secret|the-access-key/);
    }
  });
});
