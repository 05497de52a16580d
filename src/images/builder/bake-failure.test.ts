import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import type { ProcessEnd } from '../../host/process-end.ts';
import { bakeFailed } from './bake-failure.ts';
import type { FailedStep } from './bake-progress.ts';
import type { BuildTarget } from './model.ts';

const target: BuildTarget = {
  role: 'cache',
  name: 'arc-cache',
  repository: { registry: 'ghcr.io', repository: 'o/arc-cache' },
  folder: 'services/cache',
  dockerfile: 'Dockerfile',
  base: { reference: 'docker.io/base:1', pinned: `quay.io/base@sha256:${'0'.repeat(64)}`, digest: '' },
  labels: {},
};
const failed: ProcessEnd = { kind: 'exited', status: 1 };
const problemOf = async (options: {
  end?: ProcessEnd;
  said?: readonly string[];
  pending?: readonly string[];
  failure?: FailedStep;
}) => {
  const { end = failed, said = [], pending = [], failure } = options;
  const error = await bakeFailed({
    targets: [target],
    environment: {},
    builder: { program: 'buildx', name: 'arc' },
    progress: { said: () => said, pending: () => pending, failure: () => failure },
    end,
    idleSeconds: 120,
  });
  return { status: error.status, ...error.problems[0] };
};

it('a full disk of this machine is a prerequisite, and said once', async () => {
  const said = [`open ${tmpdir()}/.tmp-metadata.json: no space left on device`];
  expect(await problemOf({ said })).toEqual({
    status: 4,
    code: 'no-disk-space',
    message: `There is no space left in ${tmpdir()}, where files of a build are kept while it runs.`,
    detail: said,
    suggestion: 'free some (`df -h` says what is full), or name another folder: TMPDIR=<folder>',
  });
});

it('a full disk of the builder is told apart from that', async () => {
  const error = 'failed to solve: write /var/lib/buildkit/x: no space left on device';
  expect(await problemOf({ failure: { role: 'cache', step: 'COPY', error, log: [] } })).toMatchObject({
    status: 4,
    code: 'no-disk-space',
    message: 'There is no space left on the disk of the builder arc.',
    suggestion: expect.stringContaining('docker buildx prune --builder arc'),
  });
});

it('a builder that falls silent is told with its step, and the registries that it may wait for', async () => {
  const pending = ['[internal] load metadata for quay.io/base'];
  expect(await problemOf({ end: { kind: 'silent', milliseconds: 120_000 }, pending })).toEqual({
    status: 1,
    code: 'build-stuck',
    message: 'The builder arc said nothing for 120 s while it built the image of arc-cache, so arc ended it.',
    detail: ['not finished: [internal] load metadata for quay.io/base'],
    suggestion:
      'see whether the builder reaches quay.io and ghcr.io, then run the same command again: it keeps what was pushed',
  });
});

it('what buildx says last is the reason, and not repeated', async () => {
  expect(await problemOf({ said: ['resolving', 'no such builder.'] })).toMatchObject({
    status: 1,
    message: 'The image of arc-cache could not be built: no such builder.',
    detail: ['resolving'],
  });
});
