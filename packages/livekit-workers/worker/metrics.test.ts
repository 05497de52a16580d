import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { metricsText, serveMetrics } from './metrics.ts';

test('are text of Prometheus: help and type once a name, labels in quotes, values of now', () => {
  let running = 1;
  const gauges = [
    { name: 'livekit_egress_available', help: 'Whether it is idle', value: () => (running > 0 ? 0 : 1) },
    { name: 'livekit_egress_requests', help: 'Running', labels: { type: 'a "b"' }, value: () => running },
    { name: 'livekit_egress_requests', help: 'Running', labels: { type: 'c' }, value: () => 0 },
  ];
  expect(metricsText(gauges)).toBe(
    [
      '# HELP livekit_egress_available Whether it is idle',
      '# TYPE livekit_egress_available gauge',
      'livekit_egress_available 0',
      '# HELP livekit_egress_requests Running',
      '# TYPE livekit_egress_requests gauge',
      'livekit_egress_requests{type="a \\"b\\""} 1',
      'livekit_egress_requests{type="c"} 0',
      '',
    ].join('\n'),
  );
  running = 0;
  expect(metricsText(gauges)).toContain('livekit_egress_available 1');
});

test('are read at their port, whatever the path, until it is closed', async () => {
  const port = await freePort();
  const gauges = [{ name: 'up_to_date', help: 'x', value: () => 3 }];
  const metrics = await serveMetrics({ port, gauges });
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4');
  expect(await answer.text()).toContain('up_to_date 3');
  await metrics.close();
  await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow('fetch failed');
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('it has a port');
  return address.port;
}
