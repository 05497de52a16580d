import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { location, manifests, profile, service } from '../../tests/fixtures/manifests.ts';
import type { ResolveOptions } from './draft.ts';
import { usedNames } from './metric-names.ts';
import { readerToken } from './reader-token.ts';
import { resolveStack } from './resolve.ts';
import { noChoices } from './settings.ts';

const metrics = (name: string) => ({
  port: 'http',
  path: '/metrics',
  names: { [name]: { type: 'histogram' as const, help: 'x', later: false } },
  location: location(),
});
const alert = (name: string, expr: string) => ({
  name,
  expr,
  for_seconds: 60,
  severity: 'warning' as const,
  summary: 'It is so.',
  location: location(),
});
const exporter = service({ role: 'cache-metrics' });
const platform = manifests({
  services: [
    service({ role: 'app', metrics: metrics('app_seconds') }),
    service({ role: 'shop', needs: ['cache'] }),
    service({
      role: 'cache',
      metrics: metrics('cache_seconds'),
      sidecars: [{ ...exporter, only_with: ['metrics'] }],
      alerts: [alert('slow', 'rate(cache_seconds_sum[5m]) > 1'), alert('down', 'up == 0')],
    }),
    service({
      role: 'metrics',
      scrapes: true,
      config: [{ template: 'scrape.yaml.liquid', file: 'scrape.yaml', target: '/scrape.yaml' }],
      panels: [
        {
          name: 'both',
          title: 'Both',
          unit: 'seconds',
          queries: [
            { expr: 'app_seconds_count', legend: 'x', location: location() },
            { expr: 'cache_seconds_count', legend: 'x', location: location() },
          ],
        },
      ],
    }),
  ],
  profiles: [profile({ name: 'think', services: ['app', 'metrics'] })],
});
const templates = new Map([
  [
    'services/metrics/scrape.yaml.liquid',
    '{% for s in scrapes %}{{ s.job }}={{ s.address }}{{ s.path }} {% endfor %}|{% for a in alerts %}{{ a.name }} {% endfor %}|{% for p in panels %}{{ p.name }} {% endfor %}',
  ],
]);

function resolve(selection: readonly string[], options: Partial<ResolveOptions> = {}) {
  const stack = resolveStack({
    manifests: platform,
    templates,
    selection,
    without: [],
    settings: noChoices,
    secrets: new Map(),
    ...options,
  });
  const found = stack.containers.find(({ role }) => role === 'metrics');
  return {
    roles: stack.containers.map(({ role }) => role),
    text: found?.config[0]?.content.reveal(),
  };
}

describe('a container that collects metrics', () => {
  test('is told of the containers of its stack, and of alerts and panels that they have metrics for', () => {
    expect(resolve(['app', 'metrics']).text).toBe('arc-app=arc-app:8000/metrics ||');
    expect(resolve(['app', 'cache', 'metrics']).text).toBe(
      'arc-app=arc-app:8000/metrics arc-cache=arc-cache:8000/metrics |slow down |both ',
    );
  });

  test('is told of what runs already', () => {
    expect(resolve(['metrics'], { present: new Set(['cache']) }).text).toBe(
      'arc-cache=arc-cache:8000/metrics |slow down |',
    );
  });

  test('is told of nothing that was left out', () => {
    expect(resolve(['app', 'cache', 'metrics'], { without: ['cache'] }).text).toBe(
      'arc-app=arc-app:8000/metrics ||',
    );
  });
});

describe('a container that is there only with another', () => {
  test('comes with its service where the other is part of the stack, whatever comes first', () => {
    expect(resolve(['cache']).roles).toEqual(['cache']);
    expect(resolve(['cache', 'metrics']).roles).toContain('cache-metrics');
    expect(resolve(['metrics', 'cache']).roles).toContain('cache-metrics');
  });

  test('comes where only a dependency brings its service in', () => {
    expect(resolve(['shop']).roles).toEqual(['cache', 'shop']);
    expect(resolve(['shop', 'metrics']).roles).toContain('cache-metrics');
    expect(resolve(['metrics', 'shop'], { without: ['cache-metrics'] }).roles).not.toContain('cache-metrics');
  });

  test('comes without the other where it is named itself', () => {
    expect(resolve(['cache-metrics']).roles).toEqual(['cache-metrics']);
  });

  test('comes with its service where the other has a container already', () => {
    const present = new Set(['metrics']);
    expect(resolve(['cache'], { present }).roles).toEqual(['cache', 'cache-metrics']);
    expect(resolve(['shop'], { present }).roles).toContain('cache-metrics');
    expect(resolve(['cache'], { present, without: ['cache-metrics'] }).roles).toEqual(['cache']);
  });

  test('stays out where the other was left out', () => {
    expect(resolve(['cache', 'metrics'], { without: ['metrics'] }).roles).toEqual(['cache']);
    const present = new Set(['metrics']);
    expect(resolve(['cache'], { present, without: ['metrics'] }).roles).toEqual(['cache']);
  });
});

test('a name in quotes is no metric', () => {
  const declared = new Map([['up_total', new Set(['a'])]]);
  expect([...usedNames({ expr: 'x{up_total="up_total"}', declared })]).toEqual(['up_total']);
  expect([...usedNames({ expr: `x{a="up_total \\" up_total", b='up_total'}`, declared })]).toEqual([]);
});

test('the token of a reader is signed with HS512 and always the same', () => {
  const token = readerToken({ issuer: 'prometheus', subject: 'who', secret: 'key' });
  const [header = '', claims = '', signature] = token.split('.');
  const decode = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  expect(decode(header)).toEqual({ alg: 'HS512', typ: 'JWT' });
  expect(decode(claims)).toEqual({ exp: 4_102_444_800, sub: 'who', iss: 'prometheus' });
  expect(signature).toBe(createHmac('sha512', 'key').update(`${header}.${claims}`).digest('base64url'));
  expect(readerToken({ issuer: 'prometheus', subject: 'who', secret: 'key' })).toBe(token);
});
