import type Docker from 'dockerode';
import { expect, test } from 'vitest';
import { findLeftovers, type Leftover, leftByBuild } from './leftovers.ts';

const wrapper = 'ghcr.io/a/arc-cache:latest';
const label = { 'arc.image.wrapper': wrapper };
const finished = { ...label, 'arc.image.inputs': 'a' };

type Listed = {
  parent?: string;
  name?: string;
  digest?: string;
  labels?: Record<string, string>;
  ends?: string;
};

/** An Engine with these images, and containers by the image that they are made from. */
function engineWith(images: Record<string, Listed>, containers: Record<string, string> = {}): Docker {
  const none = '<none>:<none>';
  return {
    listImages: async () =>
      Object.entries(images).map(([Id, { parent = '', name, digest, labels = {} }]) => {
        return {
          Id,
          ParentId: parent,
          RepoTags: [name ?? none],
          RepoDigests: digest && [digest],
          Labels: labels,
        };
      }),
    listContainers: async () => Object.entries(containers).map(([Id, ImageID]) => ({ Id, ImageID })),
    getImage: (id: string) => ({
      history: async () => [{ CreatedBy: images[id]?.ends ?? '/bin/sh -c #(nop)  LABEL arc.image.inputs=a' }],
    }),
  } as unknown as Docker;
}

const ids = (leftovers: readonly Leftover[]) => leftovers.map(({ id }) => id);

test('leftovers are images of builds that have no name, each before what it was made from', async () => {
  const docker = engineWith({
    base: { name: 'redis:7' },
    stage: { labels: label },
    step: { parent: 'base', labels: label },
    step2: { parent: 'step', labels: label },
    replaced: { parent: 'step2', labels: finished },
    stranger: { labels: {} },
  });
  const found = ids(await findLeftovers({ docker }));
  expect(found.toSorted()).toEqual(['replaced', 'stage', 'step', 'step2']);
  expect(found.filter((id) => id !== 'stage')).toEqual(['replaced', 'step2', 'step']);
});

test('what a named image, a release or a container was made from is none', async () => {
  const images = {
    shared: { labels: label },
    current: { parent: 'shared', name: wrapper, labels: finished },
    release: { digest: 'ghcr.io/a/arc-cache@sha256:1', labels: finished },
    step: { labels: label },
    running: { parent: 'step', labels: finished },
  };
  const docker = engineWith(images, { container: 'running' });
  expect(ids(await findLeftovers({ docker }))).toEqual([]);
  expect(ids(await findLeftovers({ docker, freed: new Set(['container']) }))).toEqual(['running', 'step']);
});

test("an image that somebody makes from a wrapper is none, though it has the wrapper's labels", async () => {
  const docker = engineWith({
    replaced: { labels: finished },
    theirs: { parent: 'replaced', labels: finished, ends: '/bin/sh -c #(nop)  LABEL somebody=else' },
  });
  expect(await findLeftovers({ docker })).toEqual([]);
});

test('leftovers of other wrappers are left out where some are named', async () => {
  const docker = engineWith({ a: { labels: label }, b: { labels: { 'arc.image.wrapper': 'other' } } });
  expect(ids(await findLeftovers({ docker, wrappers: new Set([wrapper]) }))).toEqual(['a']);
});

test('a build removes its own stages and what it replaced, and no step of a build that may be running', () => {
  const leftover = (id: string, parent?: string, done = false): Leftover => {
    return { id: `sha256:${id}`, wrapper, finished: done, ...(parent && { parent: `sha256:${parent}` }) };
  };
  const leftovers = [leftover('e0', 'd0', true), leftover('d0', 'c0'), leftover('a0a1'), leftover('b0')];
  expect(ids(leftByBuild({ leftovers, made: ['sha256:a0'] }))).toEqual([
    'sha256:e0',
    'sha256:d0',
    'sha256:a0a1',
  ]);
});
