import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { heartbeatsFor } from './heartbeat.ts';
import { reach } from './reach.ts';

const now = new Date('2026-01-31T12:00:00Z');
const container = (role: string, ports: readonly number[] = [1]) => ({ role, host: `arc-${role}`, ports });

describe('heartbeats for others', () => {
  it('are sent for containers that are there, marked with who says it', async () => {
    const states = { 'arc-cache': 'healthy', 'arc-sql': 'unhealthy', 'arc-storage': 'absent' } as const;
    const sent = await heartbeatsFor({
      containers: ['cache', 'sql', 'storage'].map((role) => container(role)),
      beating: [],
      reach: async ({ host }) => states[host as keyof typeof states],
      now,
    });
    expect(sent).toEqual([
      {
        service: 'arc-cache',
        timestamp: '2026-01-31T12:00:00.000Z',
        status: 'healthy',
        reported_by: 'arc-watcher',
      },
      {
        service: 'arc-sql',
        timestamp: '2026-01-31T12:00:00.000Z',
        status: 'unhealthy',
        reported_by: 'arc-watcher',
      },
    ]);
  });

  it('are not sent for programs that send their own, nor for what has no port', async () => {
    const asked: string[] = [];
    await heartbeatsFor({
      containers: [container('webhooks'), container('job', []), container('cache')],
      beating: ['webhooks'],
      reach: async ({ host }) => {
        asked.push(host);
        return 'healthy';
      },
      now,
    });
    expect(asked).toEqual(['arc-cache']);
  });
});

describe('reaching a container', () => {
  it('tells one that listens from one that does not, and from a name that nobody has', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    expect(await reach({ host: '127.0.0.1', ports: [1, port] })).toBe('healthy');
    await new Promise((resolve) => server.close(resolve));
    expect(await reach({ host: '127.0.0.1', ports: [1, port] })).toBe('unhealthy');
    expect(await reach({ host: 'nobody.invalid', ports: [port] })).toBe('absent');
  });
});
