import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { invalid } from '../core/errors.ts';
import { letOthersRun } from '../core/turns.ts';
import { beginConnection, meanwhile } from './begin-connection.ts';

let folder: string;
let asked: string[];
let open: Set<unknown>;
let server: ReturnType<typeof createServer>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'begin-connection-'));
  asked = [];
  const sockets = new Set();
  open = sockets;
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(JSON.stringify({ Version: '29.0.0', ApiVersion: '1.50', Os: 'linux', Arch: 'amd64' }));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(join(folder, 'docker.sock'), resolve));
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const here = () => ({ environment: { DOCKER_HOST: `unix://${join(folder, 'docker.sock')}` } });

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await letOthersRun();
}

describe('a connection that is begun', () => {
  it('asks an Engine of this machine before anybody waits for it', async () => {
    const begun = beginConnection(here());
    await until(() => asked.length > 0);
    const connection = await begun.connected();
    expect({ version: connection.engineVersion, asked: asked.length }).toEqual({
      version: '29.0.0',
      asked: 1,
    });
    connection.close();
  });

  it('is closed where what is done meanwhile fails', async () => {
    const begun = beginConnection(here());
    const work = async () => {
      await until(() => open.size > 0);
      throw invalid({ code: 'bad', message: 'The manifests are wrong.' });
    };
    await expect(meanwhile(begun, work)).rejects.toThrow('The manifests are wrong.');
    await until(() => open.size === 0);
  });

  it('says why there is none only to whoever waits for it', async () => {
    const begun = beginConnection({ environment: { DOCKER_HOST: 'unix:///nowhere/docker.sock' } });
    // An unhandled rejection would fail the test.
    expect(await meanwhile(begun, async () => 'read')).toBe('read');
    await letOthersRun();
    await expect(begun.connected()).rejects.toMatchObject({ problems: [{ code: 'no-engine' }] });
  });

  it('does not go to another machine before somebody waits for it', async () => {
    const { port } = await new Promise<{ port: number }>((resolve) => {
      const far = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1', () => {
        const address = far.address();
        far.on('connection', () => asked.push('tcp'));
        far.unref();
        resolve({ port: typeof address === 'object' && address !== null ? address.port : 0 });
      });
    });
    beginConnection({ environment: { DOCKER_HOST: `tcp://127.0.0.1:${port}` } });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked).toEqual([]);
  });
});
