import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import type { Loaded } from '../../core/loaded.ts';
import { lasting } from '../../core/socket-address.ts';
import type { ReloadManifest } from '../../manifest/model-needs.ts';
import { reload, unloadedBy } from './reload.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** A program that says what it has loaded, and counts how often it was asked to. */
async function program(loads: (asked: number) => string, refuses = false) {
  let asked = 0;
  server = createServer((request, response) => {
    if (request.url === '/-/reload') {
      asked += 1;
      response.writeHead(refuses ? 500 : 200).end(refuses ? 'line 3: no such field' : 'ok');
    } else response.end(`{"digest":"${loads(asked)}"}`);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const way = (change: Partial<ReloadManifest> = {}) => ({
    reloading: {
      container: { role: 'logs', name: 'arc-logs' },
      reload: {
        kind: 'http',
        port: 'http',
        path: '/-/reload',
        method: 'POST',
        proof: { port: 'http', path: '/state', pattern: '"digest":"(\\w+)"', mark: 'digest', file: 'a' },
        ...change,
      } as ReloadManifest,
      wanted: { kind: 'digest', digest: 'new' } satisfies Loaded,
    },
    reach: async () => lasting({ host: '127.0.0.1', port }),
    signal: new AbortController().signal,
  });
  const replies: string[] = [];
  const run = (
    change: Partial<ReloadManifest> = {},
    { signal = new AbortController().signal, deadlineMilliseconds = 10_000 } = {},
  ) =>
    reload({
      ...way(change),
      signal,
      engine: {
        signalContainer: async ({ name, signal }) => {
          signals.push(`${signal} to ${name}`);
          asked += 1;
        },
      },
      clock: systemClock,
      deadlineMilliseconds,
      progress: ({ reply }) => replies.push(reply),
    });
  const unloaded = (change: Partial<ReloadManifest> = {}) => unloadedBy(way(change));
  const signals: string[] = [];
  return { run, unloaded, signals, replies, asked: () => asked };
}

describe('a program that reloads its configuration', () => {
  test('is asked to load it once, also where its mark is that of the files already', async () => {
    const { run, asked } = await program(() => 'new');
    expect(await run()).toBe('done');
    expect(asked()).toBe(1);
  });

  test('is asked once, and waited for until its mark is the one of the files', async () => {
    let answers = 0;
    const { run, asked, replies } = await program((times) => {
      answers += 1;
      return times > 0 && answers > 3 ? 'new' : 'old';
    });
    expect(await run()).toBe('done');
    expect(asked()).toBe(1);
    expect(replies).toEqual(['the mark old', 'the mark old', 'the mark old', 'the mark new']);
  });

  test('gets the signal that its manifest names', async () => {
    const { run, signals } = await program((times) => (times > 0 ? 'new' : 'old'));
    expect(await run({ kind: 'signal', signal: 'SIGUSR1' })).toBe('done');
    expect(signals).toEqual(['SIGUSR1 to arc-logs']);
  });

  test('that watches its folder is only waited for', async () => {
    let answers = 0;
    const { run, asked } = await program(() => {
      answers += 1;
      return answers > 2 ? 'new' : 'old';
    });
    expect(await run({ kind: 'watch' })).toBe('done');
    expect(asked()).toBe(0);
  });

  test('fails with its last answer where the mark does not come', async () => {
    const { run } = await program(() => 'old');
    await expect(run({ kind: 'watch' }, { deadlineMilliseconds: 100 })).rejects.toThrow(
      /arc-logs has not loaded its changed configuration \(GET http:\/\/127\.0\.0\.1:\d+\/state: the mark old\)/,
    );
  });

  test('fails with its own words where it refuses the configuration', async () => {
    const { run } = await program(() => 'old', true);
    await expect(run()).rejects.toThrow('POST /-/reload: 500 line 3: no such field');
  });

  test('is left where somebody interrupts the wait', async () => {
    const { run } = await program(() => 'old');
    expect(await run({ kind: 'watch' }, { signal: AbortSignal.timeout(50) })).toBe('left');
  });

  test.each([
    ['new', undefined],
    ['old', 'other'],
    ['', 'silent'],
  ])('with the mark "%s" counts as %s, without being asked to load anything', async (mark, expected) => {
    const { unloaded, asked } = await program(() => mark);
    expect(await unloaded()).toBe(expected);
    expect(asked()).toBe(0);
  });

  test('that does not answer is silent', async () => {
    const { unloaded } = await program(() => 'new');
    server?.close();
    server?.closeAllConnections();
    expect(await unloaded()).toBe('silent');
  });
});
