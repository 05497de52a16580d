import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { targetsOf } from './prometheus.ts';
import { serviceFacts } from './services.ts';

const brain = { name: 'brain', healthy: true };
const cache = { name: 'cache', healthy: false };

describe('how the services are', () => {
  it('is what they say themselves, and their metrics where they say nothing', async () => {
    const measured = [{ name: 'brain', healthy: false }, cache];
    const services = serviceFacts({ heard: () => [brain], targets: async () => measured });
    expect(await services()).toEqual({ all: [brain, cache], gap: undefined });
  });

  it('is known by metrics alone in a stack without heartbeats', async () => {
    const services = serviceFacts({ heard: undefined, targets: async () => [cache] });
    expect(await services()).toEqual({ all: [cache], gap: undefined });
  });

  it('has a gap until everybody had time to send a heartbeat', async () => {
    let heard: (typeof brain)[] | undefined;
    const services = serviceFacts({ heard: () => heard, targets: async () => [cache] });
    expect(await services()).toEqual({ all: [cache], gap: 'heartbeats-not-yet' });
    heard = [brain];
    expect(await services()).toEqual({ all: [brain, cache], gap: undefined });
  });

  it('has a gap without metrics, and while they are away', async () => {
    expect(await serviceFacts({ heard: () => [brain], targets: undefined })()).toEqual({
      all: [brain],
      gap: 'no-metrics',
    });
    const away = async () => {
      throw new Error('away');
    };
    expect((await serviceFacts({ heard: () => [brain], targets: away })())?.gap).toBe('metrics-away');
    expect(await serviceFacts({ heard: () => undefined, targets: away })()).toBeUndefined();
  });
});

describe('Prometheus', () => {
  let close: (() => void) | undefined;
  afterEach(() => close?.());

  /** A server that gives this answer; without one it gives none. */
  async function prometheus(answer?: { status: number; body: unknown }): Promise<string> {
    const server = createServer((_, response) => {
      if (answer !== undefined) response.writeHead(answer.status).end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    close = () => void server.close().closeAllConnections();
    const address = server.address();
    if (address === null || typeof address === 'string') return expect.unreachable();
    return `http://127.0.0.1:${address.port}`;
  }
  const sample = (role: string, value: string, of: { name?: string; service?: string } = {}) => ({
    metric: { __name__: of.name ?? 'up', role, service: of.service ?? role },
    value: [1, value],
  });

  it('knows a service by the role of its target', async () => {
    const result = [sample('brain', '1'), sample('cache', '0'), { metric: {}, value: [1, '1'] }];
    const url = await prometheus({ status: 200, body: { data: { result } } });
    expect(await targetsOf({ url })).toEqual([brain, cache]);
  });

  it('knows a service with an exporter by what the exporter says of it', async () => {
    const result = [
      sample('cache-metrics', '1', { service: 'cache' }),
      sample('cache-metrics', '0', { service: 'cache', name: 'redis_up' }),
      sample('sql-metrics', '1', { service: 'sql' }),
      sample('sql-metrics', '1', { service: 'sql', name: 'pg_up' }),
    ];
    const url = await prometheus({ status: 200, body: { data: { result } } });
    expect(await targetsOf({ url })).toEqual([cache, { name: 'sql', healthy: true }]);
  });

  it('knows an exporter that is down by its own name, and nothing of its service', async () => {
    const result = [sample('cache-metrics', '0', { service: 'cache' })];
    const url = await prometheus({ status: 200, body: { data: { result } } });
    expect(await targetsOf({ url })).toEqual([{ name: 'cache-metrics', healthy: false }]);
  });

  it('knows each program of a service that has several', async () => {
    const result = [sample('realtime', '1'), sample('realtime-ingress', '0', { service: 'realtime' })];
    const url = await prometheus({ status: 200, body: { data: { result } } });
    expect(await targetsOf({ url })).toEqual([
      { name: 'realtime', healthy: true },
      { name: 'realtime-ingress', healthy: false },
    ]);
  });

  it('that refuses, or answers something else, is away', async () => {
    await expect(targetsOf({ url: await prometheus({ status: 503, body: {} }) })).rejects.toThrow('503');
    close?.();
    const url = await prometheus({ status: 200, body: {} });
    await expect(targetsOf({ url })).rejects.toThrow('did not answer with samples');
  });

  it('that hangs keeps nobody waiting for longer than a second', async () => {
    const began = performance.now();
    await expect(targetsOf({ url: await prometheus() })).rejects.toThrow(/timeout/iu);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
