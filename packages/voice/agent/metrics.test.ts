import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { serveMetrics } from './metrics.ts';

it('a worker shows how full it is, under the names that LiveKit Agents has in Python', async () => {
  let conversations = 0;
  const server = await serveMetrics({
    port: 0,
    facts: () => ({ conversations, most: 4 }),
    more: () => 'turns 2\n',
  });
  const { port } = server.address() as AddressInfo;
  const page = async (path: string) => await fetch(`http://127.0.0.1:${port}${path}`);
  try {
    expect(await (await page('/metrics')).text()).toContain('\nlk_agents_worker_load 0\n');
    conversations = 3;
    const text = await (await page('/metrics')).text();
    expect(text).toContain('\nlk_agents_active_job_count 3\n');
    expect(text).toContain('\nlk_agents_worker_load 0.75\n');
    expect(text).toMatch(/\nturns 2\n$/);
    expect((await page('/')).status).toBe(404);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
