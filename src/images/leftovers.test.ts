import { expect, test } from 'vitest';
import type { EngineImages } from '../platform/docker/engine-images.ts';
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
function engineWith(
  images: Record<string, Listed>,
  containers: Record<string, string> = {},
): Pick<EngineImages, 'lineage' | 'lastStep'> {
  return {
    lineage: async () => ({
      images: Object.entries(images).map(([id, { parent = '', name, digest, labels = {} }]) => ({
        id,
        parent,
        names: [name ?? '<none>:<none>'],
        pinned: digest === undefined ? [] : [digest],
        digests: {},
        labels,
        bytes: 1,
        created: '2026-01-01T00:00:00Z',
      })),
      containers: Object.entries(containers).map(([id, image]) => ({ id, image })),
    }),
    lastStep: async (id) => images[id]?.ends ?? '/bin/sh -c #(nop)  LABEL arc.image.inputs=a',
  };
}

const ids = (leftovers: readonly Leftover[]) => leftovers.map(({ id }) => id);

test('leftovers are images of builds that have no name, each before what it was made from', async () => {
  const engineImages = engineWith({
    base: { name: 'redis:7' },
    stage: { labels: label },
    step: { parent: 'base', labels: label },
    step2: { parent: 'step', labels: label },
    replaced: { parent: 'step2', labels: finished },
    stranger: { labels: {} },
  });
  const found = ids(await findLeftovers({ engineImages }));
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
  const engineImages = engineWith(images, { container: 'running' });
  expect(ids(await findLeftovers({ engineImages }))).toEqual([]);
  expect(ids(await findLeftovers({ engineImages, freed: new Set(['container']) }))).toEqual([
    'running',
    'step',
  ]);
});

test("an image that somebody makes from a wrapper is none, though it has the wrapper's labels", async () => {
  const engineImages = engineWith({
    replaced: { labels: finished },
    theirs: { parent: 'replaced', labels: finished, ends: '/bin/sh -c #(nop)  LABEL somebody=else' },
  });
  expect(await findLeftovers({ engineImages })).toEqual([]);
});

test('leftovers of other wrappers are left out where some are named', async () => {
  const engineImages = engineWith({ a: { labels: label }, b: { labels: { 'arc.image.wrapper': 'other' } } });
  expect(ids(await findLeftovers({ engineImages, wrappers: new Set([wrapper]) }))).toEqual(['a']);
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
