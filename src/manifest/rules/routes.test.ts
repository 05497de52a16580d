import { expect, test } from 'vitest';
import { parseManifests } from '../parse.ts';

const service = (role: string, routes: string) =>
  [
    `name: arc-${role}`,
    `role: ${role}`,
    'codename: x',
    'tech: x',
    'description: x.',
    `image: ghcr.io/x/${role}:latest`,
    'upstream: docker.io/library/x:1',
    'user: "1:1"',
    'ports:',
    '  - { name: http, container: 8080, publish: false, purpose: HTTP }',
    '  - { name: media, container: 9000, protocol: udp, publish: false, purpose: Media }',
    'health: { probe: { kind: http, port: http, path: / } }',
    `routes: [${routes}]`,
    '',
  ].join('\n');

function problems(routes: { one: string; two?: string }) {
  const files = new Map([
    ['services/profiles.yaml', 'profiles:\n  think: { description: x., services: [one] }\n'],
    ['services/one/service.yaml', service('one', routes.one)],
    ...(routes.two === undefined ? [] : [['services/two/service.yaml', service('two', routes.two)] as const]),
  ]);
  return parseManifests({ files }).problems.map(
    ({ code, location, message }) => `${code} ${location?.line}:${location?.column} ${message}`,
  );
}

test('routes that differ in host or path are fine', () => {
  expect(
    problems({
      one: '{ host: a, port: http }, { host: a, path: /b, port: http }, { host: c, port: http }',
      two: '{ host: a, path: /b/c, port: http }, { host: d, protocol: tls, port: http }',
    }),
  ).toEqual([]);
});

test.each([
  ['{ host: a, port: htp }', 'route-port 13:28 arc-one has no port htp.'],
  [
    '{ host: a, port: media }',
    'route-port 13:28 The port media of arc-one is not a single TCP port, so a route cannot lead to it.',
  ],
  [
    '{ host: a, path: /b, protocol: tls, port: http }',
    'route-path 13:28 A route of the protocol tls has no path: the gateway does not read what is inside.',
  ],
])('%s is refused at its place', (one, problem) => {
  expect(problems({ one: one.replace('port: ht', 'port: ht') })).toHaveLength(1);
  expect(problems({ one })[0]?.replace(/ \d+:\d+ /, ' ')).toBe(problem.replace(/ \d+:\d+ /, ' '));
});

test.each([
  ['{ host: a, port: http }', '{ host: a, port: http }', 'the host a; the other'],
  ['{ host: a, path: /x, port: http }', '{ host: a, path: /x, port: http }', 'the host a and the path /x;'],
  [
    '{ host: a, protocol: tls, port: http }',
    '{ host: a, path: /x, port: http }',
    'the host a and the path /x;',
  ],
  ['{ host: a, path: /x, port: http }', '{ host: a, protocol: tls, port: http }', 'the host a; the other'],
])('%s and %s cannot be told from each other', (one, two, words) => {
  const [first, ...more] = problems({ one, two });
  expect(first).toContain(words);
  expect(first).toContain('is one of arc-one.');
  expect(more).toEqual([]);
});

test('of two that cannot be told from each other, the places of both are named', () => {
  const files = new Map([
    ['services/profiles.yaml', 'profiles:\n  think: { description: x., services: [one] }\n'],
    ['services/one/service.yaml', service('one', '{ host: a, port: http }')],
    ['services/two/service.yaml', service('two', '{ host: a, port: http }')],
  ]);
  const [problem] = parseManifests({ files }).problems;
  expect(problem).toMatchObject({
    location: { file: 'services/two/service.yaml', line: 13 },
    detail: [expect.stringMatching(/^the other is at services\/one\/service\.yaml:13:\d+$/)],
  });
});

test('a login is asked for where the gateway reads requests, with a secret that is declared', () => {
  const login = 'auth: { basic: { user: ops, password: nobody } }';
  expect(problems({ one: `{ host: a, port: http, ${login} }` })).toEqual([
    expect.stringContaining('no-such-secret'),
  ]);
  expect(problems({ one: `{ host: a, protocol: tls, port: http, ${login} }` })).toContainEqual(
    expect.stringContaining('route-auth'),
  );
});

test('a host is one part of a name, and a header is one line', () => {
  expect(problems({ one: '{ host: a.b, port: http }' })).toHaveLength(1);
  expect(problems({ one: '{ host: a, port: http, request_headers: { X-A: "a\\nb" } }' })).toHaveLength(1);
});
