import { beforeEach, describe, expect, test } from 'vitest';
import { planOnFake, runOnFake, upOnFake } from '../../../tests/fixtures/fake-boot.ts';
import { type FakeEngine, fakeEngine } from '../../../tests/fixtures/fake-engine.ts';
import { testContainer, testStack } from '../../../tests/fixtures/stacks.ts';
import { ArcError } from '../../core/errors.ts';
import type { ArcEvent } from '../../core/event.ts';
import type { BaseKind } from '../../stack/base-kind.ts';
import { findUnreadableData, refuse } from './data-check.ts';
import { observe } from './observe.ts';

const format = {
  files: ['appendonlydir/*.base.rdb', 'dump.rdb'],
  pattern: '^REDIS(\\d{4})',
  reads: { upstream: 12, recipe: 10 },
  exact: false,
};
const plain = testContainer({
  role: 'cache',
  volumes: [{ volume: 'arc-cache-data', target: '/data', format }],
});
const cache = { ...plain, image: { ...plain.image, recipe: [] } };
const stack = testStack({ containers: [cache] });
const { reference } = cache.image;

let engine: FakeEngine;
beforeEach(() => {
  engine = fakeEngine();
  engine.images.set(reference, 'sha256:image');
});

/** What a plan for now would be stopped, or warned, by: codes, those that stop it with `!`. */
async function found(bases?: ReadonlyMap<string, BaseKind | 'either'>): Promise<readonly string[]> {
  const plan = await planOnFake({ engine, stack });
  const snapshot = await observe({ engine, project: stack.project, stack });
  const findings = await findUnreadableData({
    engine,
    plan,
    containers: stack.containers,
    snapshot,
    ...(bases && { bases }),
  });
  return findings.map(({ refused, problem }) => `${refused ? '!' : ''}${problem.code}`);
}

/** A container that has run, whose base was made from the given source. */
async function stopped(source: string): Promise<void> {
  for (const name of [reference, 'sha256:image'])
    engine.labelsOfImages.set(name, { 'arc.base.source': source });
  await upOnFake({ engine, stack });
  engine.happen({ action: 'die', name: 'arc-cache', exitCode: 0 });
}

describe('the data of a container that a plan starts', () => {
  test.each([
    ['local', 'REDIS0012', ['!data-too-new']],
    ['local', 'REDIS0010', []],
    ['registry', 'REDIS0012', []],
    ['present', 'REDIS0013', ['!data-too-new']],
    ['local', 'RUBBISH', ['data-version-unknown']],
  ])('is held against its base: %s, %s', async (source, content, expected) => {
    await stopped(source);
    engine.files.set('arc-cache-data/dump.rdb', content);
    expect(await found()).toEqual(expected);
  });

  test('is read from the first of the files that is there', async () => {
    await stopped('local');
    engine.files.set('arc-cache-data/dump.rdb', 'REDIS0012');
    engine.files.set('arc-cache-data/appendonlydir/appendonly.aof.1.base.rdb', 'REDIS0010');
    expect(await found()).toEqual([]);
  });

  test('is new where there is none of them', async () => {
    await stopped('local');
    expect(await found()).toEqual([]);
  });

  test('is held against the image that it runs, whatever has its name by now', async () => {
    await stopped('local');
    engine.files.set('arc-cache-data/dump.rdb', 'REDIS0012');
    engine.labelsOfImages.set(reference, { 'arc.base.source': 'registry' });
    expect(await found()).toEqual(['!data-too-new']);
  });

  test('is held against the new image where the container is recreated', async () => {
    await stopped('local');
    engine.files.set('arc-cache-data/dump.rdb', 'REDIS0012');
    engine.images.set(reference, 'sha256:newer');
    engine.labelsOfImages.set(reference, { 'arc.base.source': 'registry' });
    expect(await found()).toEqual([]);
  });

  test('is held against no base where the image was made from another upstream than the manifest names', async () => {
    await stopped('registry');
    engine.labelsOfImages.set('sha256:image', {
      'arc.base.source': 'registry',
      'org.opencontainers.image.base.name': 'docker.io/library/cache:0',
    });
    engine.files.set('arc-cache-data/dump.rdb', 'REDIS0012');
    expect(await found()).toEqual(['data-version-unknown']);
  });

  test('is not looked at while it stays as it runs', async () => {
    engine.labelsOfImages.set('sha256:image', { 'arc.base.source': 'local' });
    await upOnFake({ engine, stack });
    engine.files.set('arc-cache-data/dump.rdb', 'REDIS0012');
    expect(await found()).toEqual([]);
  });

  test('is held against the base that its image will be built from', async () => {
    await upOnFake({ engine, stack });
    engine.files.set('arc-cache-data/dump.rdb', 'REDIS0012');
    expect(await found(new Map([['cache', 'recipe']]))).toEqual(['!data-too-new']);
    expect(await found(new Map([['cache', 'upstream']]))).toEqual([]);
    expect(await found(new Map([['cache', 'either']]))).toEqual(['data-too-new']);
  });
});

describe('a volume that no container mounts', () => {
  const up = async (content: string) => {
    await engine.createVolume({ name: 'arc-cache-data', labels: { 'arc.project': 'arc' } });
    engine.files.set('arc-cache-data/dump.rdb', content);
    engine.labelsOfImages.set(reference, { 'arc.base.source': 'local' });
    const events: ArcEvent[] = [];
    const plan = await planOnFake({ engine, stack });
    expect(await found()).toEqual([]);
    const outcome = await runOnFake({ engine, plan, events }).catch((error: unknown) => error);
    const warned = events.flatMap((event) => (event.type === 'warning' ? [event.problem.code] : []));
    return { outcome, warned };
  };

  test('is looked at once its container is made, which is not started then', async () => {
    expect((await up('REDIS0012')).outcome).toMatchObject({ code: 'data-too-new', status: 1 });
    expect(engine.containers.get('arc-cache')).toMatchObject({ state: 'created', starts: 0 });
  });

  test('with a version that cannot be read is a warning, and the container is started', async () => {
    expect((await up('RUBBISH')).warned).toEqual(['data-version-unknown']);
    expect(engine.containers.get('arc-cache')).toMatchObject({ state: 'running' });
  });
});

test('a container that ends because of data that somebody put there meanwhile says so', async () => {
  engine = fakeEngine({ behaviour: { 'arc-cache': { ends: 1 } } });
  engine.images.set(reference, 'sha256:image');
  engine.labelsOfImages.set(reference, { 'arc.base.source': 'local' });
  engine.files.set('arc-cache-data/dump.rdb', 'REDIS0012');
  const again = testStack({ containers: [{ ...cache, restart: 'no' }] });
  await expect(upOnFake({ engine, stack: again })).rejects.toMatchObject({ code: 'data-too-new' });
});

test('an error of the Engine while it reads is a warning that quotes it', async () => {
  await stopped('local');
  engine.readStart = async () => {
    throw new ArcError({
      problem: { code: 'engine-slow', message: 'The Engine did not read /data/dump.rdb within 10 s.' },
      status: 1,
    });
  };
  expect(await found()).toEqual(['data-version-unknown']);
});

test('what must not be started is refused together, the rest is returned', () => {
  const problem = (code: string) => ({ code, message: code });
  const warning = { refused: false, problem: problem('w') };
  expect(refuse([warning])).toEqual([problem('w')]);
  const both = [{ refused: true, problem: problem('a') }, warning, { refused: true, problem: problem('b') }];
  expect(() => refuse(both)).toThrow(
    expect.objectContaining({ problems: [problem('a'), problem('b')], status: 1 }),
  );
});
