import { expect, test } from 'vitest';
import { manifests, port, service, setting } from '../../tests/fixtures/manifests.ts';
import type { CheckManifest, ProbeManifest } from '../manifest/model-checks.ts';
import type { RouteManifest } from '../manifest/model-route.ts';
import { resolveStack } from './resolve.ts';
import { noChoices } from './settings.ts';

const location = { file: 'services/x/service.yaml', line: 1, column: 1 };

function route(own: Pick<RouteManifest, 'host' | 'port'> & Partial<RouteManifest>): RouteManifest {
  const plain = {
    path: '/',
    protocol: 'http',
    allow: [],
    request_headers: {},
    response_headers: {},
  } as const;
  return { ...plain, location, ...own };
}

function check(own: { name: string; probe: ProbeManifest; when?: CheckManifest['when'] }): CheckManifest {
  return { description: '', container: 'door', needs: [], when_present: false, when: {}, ...own };
}

const door = service({
  role: 'door',
  ports: [port({ name: 'web', number: 80 }), port({ name: 'http', number: 8000 })],
  settings: { tls: setting({ default: 'internal', values: ['internal', 'none'] }) },
  checks: [
    check({
      name: 'inside-tls',
      when: { tls: 'internal' },
      probe: { kind: 'route', port: 'web', fields: { domain: 'arc.local', tls: true } },
    }),
    check({
      name: 'plain',
      when: { tls: 'none' },
      probe: { kind: 'route', port: 'web', fields: { domain: 'arc.local', tls: false } },
    }),
  ],
});

const pages = service({
  role: 'pages',
  ports: [
    port({ name: 'http', number: 8080 }),
    port({ name: 'console', number: 8081 }),
    port({ name: 'tunnel', number: 8082 }),
  ],
  routes: [
    route({ host: 'pages', port: 'http' }),
    route({ host: 'pages', port: 'http', path: '/files' }),
    route({ host: 'console', port: 'console', allow: ['10.0.0.0/8'], ask: '/login' }),
    route({ host: 'tunnel', port: 'tunnel', protocol: 'tls' }),
  ],
});
// As a person wrote it, its readiness is a page.
const readiness: ProbeManifest = { kind: 'http', port: 'http', fields: { path: '/ready', status: 204 } };
const services = [door, { ...pages, health: { ...pages.health, probe: readiness } }];

function checks(tls: string) {
  const stack = resolveStack({
    manifests: manifests({ services }),
    templates: new Map(),
    selection: ['door', 'pages'],
    without: [],
    settings: { ...noChoices, flags: { tls } },
    secrets: new Map(),
  });
  return stack.containers.find(({ role }) => role === 'door')?.checks ?? [];
}

test('a check of routes is one for each route of the workspace, which needs the container behind it', () => {
  const found = checks('internal');
  expect(found.map(({ name, needs }) => [name, needs])).toEqual([
    ['console', ['pages']],
    ['pages', ['pages']],
    ['pages/files', ['pages']],
    ['tunnel', ['pages']],
  ]);
  expect(found.map(({ probe }) => probe.at?.role)).toEqual(['door', 'door', 'door', 'door']);
});

test('it asks for the page of readiness where that is one of the route, or for what the route says', () => {
  const fields = Object.fromEntries(
    checks('internal').map(({ name, probe }) => [name, probe.at === undefined ? {} : probe.fields]),
  );
  expect(fields.pages).toMatchObject({ host: 'pages', path: '/ready', status: 204, limited: false });
  expect(fields['pages/files']).toMatchObject({ path: '/files' });
  expect(fields['pages/files']).not.toHaveProperty('status');
  expect(fields.console).toMatchObject({ path: '/login', limited: true, domain: 'arc.local' });
  expect(fields.tunnel).toMatchObject({ protocol: 'tls' });
});

test('only the checks whose settings hold are made, and without TLS there is nothing inside it', () => {
  expect(checks('none').map(({ name }) => name)).toEqual(['console', 'pages', 'pages/files']);
});
