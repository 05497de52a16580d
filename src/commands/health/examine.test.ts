import { expect, test } from 'vitest';
import { testJob } from '../../../tests/fixtures/stacks.ts';
import type { ObservedContainer } from '../../engine/snapshot.ts';
import type { Inspect } from '../../probes/container.ts';
import { examineHealth } from './examine.ts';

const job = testJob({ role: 'storage-buckets' });

/** What is said of a job that the Engine lists as running. */
async function listedAsRunning(inspected: Awaited<ReturnType<Inspect>>) {
  const observed: ObservedContainer = {
    id: '1',
    name: job.name,
    parts: {},
    image: job.image.reference,
    imageId: 'sha256:1',
    state: 'running',
    networks: [],
    dependsOn: [],
    graceSeconds: 10,
  };
  const { containers } = await examineHealth({
    containers: [job],
    checks: [],
    there: new Map([[job.role, observed]]),
    inspect: async () => inspected,
    timeoutMilliseconds: 1_000,
    signal: new AbortController().signal,
  });
  const [{ ok, state, answer } = { ok: undefined, state: '', answer: '' }] = containers;
  return { ok, state, answer };
}

test('a job that the Engine still lists as running, but knows to have ended, has completed', async () => {
  expect(await listedAsRunning({ state: 'exited', exitCode: 0 })).toEqual({
    ok: true,
    state: 'exited',
    answer: 'completed',
  });
});

test('a job that has failed, or that runs, has not completed', async () => {
  expect(await listedAsRunning({ state: 'exited', exitCode: 3 })).toMatchObject({
    ok: false,
    answer: 'has not completed (exit code 3)',
  });
  expect(await listedAsRunning({ state: 'running', exitCode: 0 })).toMatchObject({
    ok: false,
    answer: 'has not completed (exit code none)',
  });
});
