import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { needs } from '../../tests/support/needs.ts';
import type { PublishingContainer, WantedPort } from './port.ts';
import { portHolders } from './ports.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function listen(host: string, options: { ipv6Only?: boolean } = {}): Promise<number> {
  const server: Server = createServer();
  server.listen({ host, port: 0, exclusive: true, ...options });
  await once(server, 'listening');
  cleanups.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

function tcp(bind: string, port: number): WantedPort {
  return { protocol: 'tcp', bind, first: port, last: port };
}

function container(name: string, own: boolean, ...ports: WantedPort[]): PublishingContainer {
  return { name, own, ports };
}

describe('on Linux, with real sockets', needs('linux'), () => {
  test('a free port is not held', async () => {
    const port = await listen('127.0.0.1');
    for (const cleanup of cleanups.splice(0)) cleanup();
    expect(await portHolders({ ports: [tcp('127.0.0.1', port)], containers: [] })).toEqual([]);
  });

  test('the process that listens is named', async () => {
    const port = await listen('127.0.0.1');
    const wanted = tcp('127.0.0.1', port);
    expect(await portHolders({ ports: [wanted], containers: [] })).toEqual([
      {
        wanted,
        first: port,
        last: port,
        bind: '127.0.0.1',
        holder: { kind: 'process', name: expect.any(String), pid: process.pid },
      },
    ]);
  });

  test('a listener on all addresses stands in the way of one address', async () => {
    const port = await listen('0.0.0.0');
    expect(await portHolders({ ports: [tcp('127.0.0.1', port)], containers: [] })).toHaveLength(1);
  });

  test('a listener on another address does not', async () => {
    const port = await listen('127.0.0.1');
    expect(await portHolders({ ports: [tcp('127.0.0.2', port)], containers: [] })).toEqual([]);
  });

  test('the IPv6 wildcard takes IPv4 along', async () => {
    const port = await listen('::');
    const [held] = await portHolders({ ports: [tcp('127.0.0.1', port)], containers: [] });
    expect(held?.bind).toBe('::');
  });

  test('unless its owner wants IPv6 alone', async () => {
    const port = await listen('::', { ipv6Only: true });
    expect(await portHolders({ ports: [tcp('0.0.0.0', port)], containers: [] })).toEqual([]);
  });

  test('TCP and UDP do not stand in each other’s way', async () => {
    const port = await listen('127.0.0.1');
    const wanted: WantedPort = { protocol: 'udp', bind: '0.0.0.0', first: port, last: port };
    expect(await portHolders({ ports: [wanted], containers: [] })).toEqual([]);
  });

  test('one taken UDP port of a range is found', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    cleanups.push(() => socket.close());
    const { port } = socket.address();
    const wanted: WantedPort = { protocol: 'udp', bind: '0.0.0.0', first: port - 50, last: port + 50 };
    const held = await portHolders({ ports: [wanted], containers: [] });
    expect(held.find(({ holder }) => 'pid' in holder && holder.pid === process.pid)).toMatchObject({
      first: port,
      last: port,
    });
  });
});

describe('what the Engine has published', () => {
  test('ports of one’s own containers are no conflict', async () => {
    const port = await listen('127.0.0.1');
    const wanted = tcp('127.0.0.1', port);
    const containers = [container('arc-cache', true, wanted)];
    expect(await portHolders({ ports: [wanted], containers })).toEqual([]);
  });

  test('another container is named, also where there is no socket to be seen', async () => {
    const wanted = tcp('127.0.0.1', 6379);
    const containers = [container('other-redis', false, tcp('0.0.0.0', 6379))];
    expect(
      await portHolders({ ports: [wanted], containers, platform: 'linux', proc: '/nonexistent' }),
    ).toEqual([
      {
        wanted,
        first: 6379,
        last: 6379,
        bind: '0.0.0.0',
        holder: { kind: 'container', name: 'other-redis' },
      },
    ]);
  });

  test('a range that one container holds is one line', async () => {
    const wanted: WantedPort = { protocol: 'udp', bind: '0.0.0.0', first: 50100, last: 50200 };
    const ports = Array.from({ length: 101 }, (_, index) => ({
      ...wanted,
      first: 50100 + index,
      last: 50100 + index,
    }));
    const held = await portHolders({
      ports: [wanted],
      containers: [container('other-livekit', false, ...ports)],
      proc: '/nonexistent',
      platform: 'linux',
    });
    expect(held).toMatchObject([{ first: 50100, last: 50200, holder: { name: 'other-livekit' } }]);
  });
});

describe('whom /proc names', () => {
  const range: WantedPort = { protocol: 'udp', bind: '0.0.0.0', first: 50100, last: 50102 };

  /** A procfs with one process that has the sockets of three UDP ports open. */
  function fakeProc(options: { comm: string; uid: number; readable: boolean }): string {
    const proc = mkdtempSync(join(tmpdir(), 'arc-proc-'));
    cleanups.push(() => rmSync(proc, { recursive: true }));
    mkdirSync(join(proc, 'net'));
    const lines = [50100, 50101, 50102].map(
      (port, index) =>
        `  ${index}: 00000000:${port.toString(16).toUpperCase()} 00000000:0000 07 00000000:00000000 00:00000000 00000000 ${options.uid} 0 ${900 + index} 2 0 0`,
    );
    writeFileSync(join(proc, 'net', 'udp'), ['  sl  local_address …', ...lines, ''].join('\n'));
    mkdirSync(join(proc, '4711'), { recursive: true });
    writeFileSync(join(proc, '4711', 'comm'), `${options.comm}\n`);
    if (options.readable) {
      mkdirSync(join(proc, '4711', 'fd'));
      symlinkSync('/dev/null', join(proc, '4711', 'fd', '0'));
      for (const index of [0, 1, 2]) {
        symlinkSync(`socket:[${900 + index}]`, join(proc, '4711', 'fd', String(index + 1)));
      }
    }
    return proc;
  }

  const ask = (proc: string) => portHolders({ ports: [range], containers: [], proc, platform: 'linux' });

  test('a program', async () => {
    const held = await ask(fakeProc({ comm: 'obs', uid: 1000, readable: true }));
    expect(held).toMatchObject([
      { first: 50100, last: 50102, holder: { kind: 'process', name: 'obs', pid: 4711 } },
    ]);
  });

  test('the proxy of an Engine that is not asked', async () => {
    const held = await ask(fakeProc({ comm: 'docker-proxy', uid: 0, readable: true }));
    expect(held).toMatchObject([{ first: 50100, last: 50102, holder: { kind: 'proxy', pid: 4711 } }]);
  });

  test('a process that is nowhere to be seen, as root', async () => {
    const held = await ask(fakeProc({ comm: 'x', uid: process.getuid?.() ?? 0, readable: false }));
    expect(held).toMatchObject([{ first: 50100, last: 50102, holder: { kind: 'unknown' } }]);
  });
});
