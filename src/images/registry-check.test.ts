import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineNetwork } from '../platform/docker/engine-images.ts';
import { registryCheck } from './registry-check.ts';

/** An Engine as far as the check asks it. */
function engine(network: Partial<EngineNetwork> = {}) {
  const usual = { remote: false, proxy: false, mirrored: false, insecure: [] };
  return { engineImages: { network: async () => ({ ...usual, ...network }) }, signal };
}

const servers: { close: () => unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const signal = new AbortController().signal;

describe('whether a registry can be reached', () => {
  it('is so whatever it answers, and is asked once', async () => {
    let asked = 0;
    const registry = await listen(
      createServer((_request, response) => {
        asked += 1;
        response.writeHead(401).end();
      }),
    );
    const check = registryCheck(engine());
    expect(await Promise.all([check(registry), check(registry)])).toEqual([
      { reachable: true },
      { reachable: true },
    ]);
    expect(asked).toBe(1);
  });

  it('is not so where nothing listens', async () => {
    const server = createServer();
    const registry = await listen(server);
    server.close();
    expect(await registryCheck(engine())(registry)).toEqual({
      reachable: false,
      reason: `connect ECONNREFUSED ${registry}`,
    });
  });

  it('is not so where something listens and says nothing, and known in seconds', async () => {
    const registry = await listen(
      createTcpServer((socket) => servers.push({ close: () => socket.destroy() })),
    );
    expect(await registryCheck(engine())(registry)).toEqual({
      reachable: false,
      reason: 'no answer within 3 s',
    });
  });

  it.each([
    ['behind a proxy of the Engine', { proxy: true }, 'ghcr.io'],
    ['on Docker Hub, for which the Engine has mirrors', { mirrored: true }, 'docker.io'],
    ['from an Engine on another machine', { remote: true }, 'ghcr.io'],
  ])('%s is for the Engine to find out', async (_case, network, registry) => {
    expect(await registryCheck(engine(network))(registry)).toEqual({ reachable: true });
  });
});
