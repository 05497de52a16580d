import { expect, test } from 'vitest';
import { parseManifests } from '../parse.ts';

const service = (role: string, more: string) =>
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
    more,
    '',
  ].join('\n');

function problems(more: { one: string; two?: string }) {
  const files = new Map([
    ['services/profiles.yaml', 'profiles:\n  think: { description: x., services: [one] }\n'],
    ['services/one/service.yaml', service('one', more.one)],
    ['services/two/service.yaml', service('two', more.two ?? '')],
  ]);
  return parseManifests({ files }).problems.map(
    ({ code, location, message }) => `${code} ${location?.line}:${location?.column} ${message}`,
  );
}

const metrics = (port: string, type: string) =>
  `metrics: { port: ${port}, names: { jobs_total: { type: ${type}, help: Jobs. } } }`;
const alert = 'alerts: [{ name: a, expr: up == 0, summary: Down. }]';
const panel = 'panels: [{ name: a, title: A, queries: [{ expr: up, legend: x }] }]';

test('two services may export one metric of one type', () => {
  const one = `${metrics('http', 'counter')}\nonly_with: [two]\n${alert}\n${panel}`;
  expect(problems({ one, two: metrics('http', 'counter') })).toEqual([]);
});

test.each([
  [
    {
      one: `${metrics('http', 'counter')}\nchecks: [{ name: a, description: x., probe: { kind: counts, port: http, counts: { jobs: [jobs_total, job_total] } } }]`,
    },
    'undeclared-count 14:102 A check counts job_total, which arc-one does not declare among its metrics.',
  ],
  [
    { one: metrics('htp', 'gauge') },
    'unknown-port 13:18 The reader of metrics asks the port "htp", which arc-one does not have.',
  ],
  [
    { one: metrics('media', 'gauge') },
    'bad-probe-port 13:18 The reader of metrics asks the port media, which is not a single TCP port.',
  ],
  [
    { one: metrics('http', 'gauge'), two: metrics('http', 'counter') },
    'metric-type 13:45 arc-two declares jobs_total as a counter; services/one/service.yaml:13 declares it as a gauge.',
  ],
  [
    { one: 'only_with: [tow]' },
    'unknown-companion 13:13 arc-one is there only with "tow", but no service, sidecar or job has that role.',
  ],
  [
    { one: alert, two: alert },
    'duplicate-alert 13:18 Two alerts are called a; the other is in services/one/service.yaml:13.',
  ],
  [
    { one: panel, two: panel },
    'duplicate-panel 13:18 Two panels are called a; the other is in services/one/service.yaml:13.',
  ],
  [
    {
      one: 'metrics: { port: http, token: { issuer: x, subject: who, secret: who }, names: { a: { type: gauge, help: A. } } }',
    },
    'no-such-secret 13:53 arc-one uses the secret "who", which no service declares.',
  ],
])('%j', (more, expected) => {
  expect(problems(more)).toContain(expected);
});
