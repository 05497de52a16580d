import { expect, it } from 'vitest';
import { heartbeats } from './heartbeats.ts';

it('knows nothing until every service had time to report', () => {
  let now = 0;
  const { heard, services } = heartbeats(() => now);
  heard({ service: 'arc-sql', status: 'healthy' });
  expect(services()).toBeUndefined();
  now = 40_000;
  expect(services()).toEqual([{ name: 'sql', healthy: true }]);
});

it('calls a service unhealthy that says so, and one that has fallen silent', () => {
  let now = 0;
  const { heard, services } = heartbeats(() => now);
  heard({ service: 'arc-sql', status: 'degraded' });
  heard({ service: 'arc-cache', status: 'healthy' });
  now = 40_000;
  expect(services()).toEqual([
    { name: 'sql', healthy: false },
    { name: 'cache', healthy: true },
  ]);
  now = 100_000;
  expect(services()?.find(({ name }) => name === 'cache')?.healthy).toBe(false);
});
