import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { testContainer, testJob } from '../../../tests/fixtures/stacks.ts';
import { lasting } from '../../core/socket-address.ts';
import type { Inspect } from '../../platform/docker/container-probe.ts';
import type { ObservedContainer } from '../../platform/docker/snapshot.ts';
import { examineHealth } from './examine.ts';
import { healthText } from './report.ts';

const shallow = {
  deep: false,
  answers: { read: () => undefined, keep: () => expect.unreachable('nothing slow is asked') },
};
const job = testJob({ role: 'storage-buckets' });

/** What is said of a job that the Engine lists as running. */
async function listedAsRunning(inspected: Awaited<ReturnType<Inspect>>) {
  const observed = runningAs(job.name);
  const { containers } = await examineHealth({
    containers: [job],
    checks: [],
    there: new Map([[job.role, observed]]),
    inspect: async () => inspected,
    reach: async () => expect.unreachable('a job has no port'),
    ...shallow,
    timeoutMilliseconds: 1_000,
    signal: new AbortController().signal,
  });
  const [{ ok, state, reply } = { ok: undefined, state: '', reply: '' }] = containers;
  return { ok, state, reply };
}

test('a job that the Engine still lists as running, but knows to have ended, has completed', async () => {
  expect(await listedAsRunning({ state: 'exited', exitCode: 0 })).toEqual({
    ok: true,
    state: 'exited',
    reply: 'completed',
  });
});

test('a job that has failed, or that runs, has not completed', async () => {
  expect(await listedAsRunning({ state: 'exited', exitCode: 3 })).toMatchObject({
    ok: false,
    reply: 'has not completed (exit code 3)',
  });
  expect(await listedAsRunning({ state: 'running', exitCode: 0 })).toMatchObject({
    ok: false,
    reply: 'has not completed (exit code none)',
  });
});

function runningAs(name: string): ObservedContainer {
  const image = { image: 'localhost/image:1', imageId: 'sha256:1' };
  return {
    id: '1',
    name,
    parts: {},
    ...image,
    state: 'running',
    networks: [],
    dependsOn: [],
    graceSeconds: 10,
  };
}

test('a check that cannot be made here is skipped, and fails nothing', async () => {
  const web = testContainer({ role: 'web' });
  const { healthy, checks } = await examineHealth({
    containers: [],
    checks: [
      {
        service: web.role,
        hint: 'look there',
        check: {
          name: 'names',
          description: 'Names are proved.',
          probe: { kind: 'tls', at: { role: web.role, port: 'https' }, fields: { names: '' } },
          needs: [],
        },
      },
    ],
    there: new Map([[web.role, runningAs(web.name)]]),
    inspect: async () => ({ state: 'running' }),
    reach: async () => lasting({ host: '127.0.0.1', port: 9 }),
    ...shallow,
    timeoutMilliseconds: 1_000,
    signal: new AbortController().signal,
  });
  expect(healthy).toBe(true);
  expect(checks).toMatchObject([{ outcome: 'skipped', reply: 'not asked: no name has a certificate' }]);
});

describe("the Engine's own verdict", () => {
  const cache = testContainer({ role: 'cache' });

  /** What is said of a container whose probe and whose health check say that. */
  async function examined(options: { probe: boolean; status: 'starting' | 'healthy' | 'unhealthy' }) {
    const observed = runningAs(cache.name);
    const server = createServer((_, response) => response.writeHead(options.probe ? 200 : 500).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const probe = {
      kind: 'http',
      at: { role: 'cache', port: 'http' },
      fields: { path: '/', status: 200 },
    } as const;
    const { healthy, containers } = await examineHealth({
      containers: [{ ...cache, health: { ...testHealth(cache), probe } }],
      checks: [],
      there: new Map([[cache.role, observed]]),
      reach: async () => lasting({ host: '127.0.0.1', port }),
      inspect: async () => ({
        state: 'running',
        health: { status: options.status, lastOutput: 'AUTH failed\nno PONG' },
      }),
      ...shallow,
      timeoutMilliseconds: 1_000,
      signal: new AbortController().signal,
    });
    server.close();
    const report = {
      healthy,
      containers: containers.map((one) => ({ ...one, changed: [] })),
      checks: [],
      leftOut: [],
    };
    return { healthy, text: healthText({ report, columns: 120 }) };
  }

  test('is told where it differs, and does not change what arc says', async () => {
    const { healthy, text } = await examined({ probe: true, status: 'unhealthy' });
    expect(healthy).toBe(true);
    expect(text).toContain(
      'arc-cache is unhealthy to the Engine, whose own check runs in the container: no PONG.',
    );
    const other = await examined({ probe: false, status: 'healthy' });
    expect(other.healthy).toBe(false);
    expect(other.text).toContain(
      'arc-cache is healthy to the Engine, whose own check runs in the container.',
    );
  });

  test('is not told where it is the same, or not there yet', async () => {
    for (const status of ['healthy', 'starting'] as const)
      expect((await examined({ probe: true, status })).text).not.toContain('to the Engine');
  });
});

function testHealth({ health }: ReturnType<typeof testContainer>) {
  if (health.kind !== 'probe') throw new Error('it has a probe');
  return health;
}
