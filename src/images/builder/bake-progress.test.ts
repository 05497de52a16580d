import { describe, expect, it } from 'vitest';
import { bakeProgress } from './bake-progress.ts';

function follow(roles: readonly string[], lines: readonly (object | string)[]) {
  const steps: string[] = [];
  const progress = bakeProgress({
    roles,
    onNews: (role, { output, progress }) =>
      steps.push(`${role}: ${output}${progress ? ` (${progress.done} of ${progress.total})` : ''}`),
  });
  for (const line of lines) progress.read(typeof line === 'string' ? line : JSON.stringify(line));
  return { steps, failure: progress.failure(), said: progress.said(), pending: progress.pending() };
}
const vertex = (digest: string, name: string, more: object = {}) => ({
  vertexes: [{ digest, name, started: '2026-11-21T17:37:10Z', ...more }],
});
const log = (digest: string, text: string) => ({
  logs: [{ vertex: digest, stream: 1, data: Buffer.from(text).toString('base64') }],
});

describe('progress of a build', () => {
  it('is told by image, as buildx names it where there are several', () => {
    const { steps } = follow(
      ['cache', 'cache-exporter'],
      [
        vertex('0', '[internal] load local bake definitions'),
        vertex('1', '[cache internal] load build definition from Dockerfile'),
        vertex('2', '[cache-exporter linux/arm64 stage-1 1/2] COPY --from=owned /owned/0/ /'),
        vertex('3', '[cache] exporting to image'),
        { statuses: [{ vertex: '3', id: 'pushing layers' }] },
      ],
    );
    expect(steps).toEqual([
      'cache: [internal] load build definition from Dockerfile',
      'cache-exporter: [linux/arm64 stage-1 1/2] COPY --from=owned /owned/0/ /',
      'cache: exporting to image',
      'cache: pushing layers',
    ]);
  });

  it('is all of one image where there is only one', () => {
    const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
    expect(
      follow(
        ['cache'],
        [
          vertex('1', `[context redis:7.4] docker.io/library/redis@${digest}`),
          { statuses: [{ vertex: '1', id: digest, current: 1_500_000, total: 3_000_000 }] },
        ],
      ).steps,
    ).toEqual([
      'cache: [context redis:7.4] docker.io/library/redis@0123456789ab',
      'cache: 0123456789ab (1500000 of 3000000)',
    ]);
  });

  it('knows what has begun and not ended', () => {
    const completed = '2026-11-21T17:37:11Z';
    const { pending } = follow(
      ['cache'],
      [
        vertex('1', '[internal] load build definition from Dockerfile'),
        vertex('2', '[internal] load metadata for quay.io/base'),
        vertex('1', '[internal] load build definition from Dockerfile', { completed }),
      ],
    );
    expect(pending).toEqual(['[internal] load metadata for quay.io/base']);
  });

  it('has the step that failed by itself, with its last lines', () => {
    const { failure } = follow(
      ['cache', 'storage'],
      [
        vertex('1', '[cache 2/2] RUN x'),
        vertex('2', '[storage 2/2] RUN y'),
        log('2', 'one\ntwo\n'),
        log('1', 'other\n'),
        vertex('1', '[cache 2/2] RUN x', { error: 'process "x" did not complete: context canceled' }),
        vertex('2', '[storage 2/2] RUN y', { error: 'exit code: 1' }),
      ],
    );
    expect(failure).toEqual({
      role: 'storage',
      step: '[2/2] RUN y',
      error: 'exit code: 1',
      log: ['one', 'two'],
    });
  });

  it('keeps what buildx says in words, also where that begins like JSON', () => {
    const { said, failure } = follow(
      ['cache'],
      ['{no JSON', '', 'ERROR: failed to read dockerfile: open Dockerfile: no such file or directory'],
    );
    expect(said).toEqual([
      '{no JSON',
      'failed to read dockerfile: open Dockerfile: no such file or directory',
    ]);
    expect(failure).toBeUndefined();
  });
});
