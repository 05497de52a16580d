import { describe, expect, it } from 'vitest';
import { adviseBuilder, chooseBuilder, createBuilder, type ListedBuilder } from './choose-builder.ts';

const builder = (Name: string, Driver: string, more: Partial<ListedBuilder> = {}): ListedBuilder => ({
  Name,
  Driver,
  Current: false,
  Nodes: [{ Status: 'running', Version: 'v0.30.0' }],
  ...more,
});
const engine = builder('default', 'docker', { Current: true });
const asleep: Partial<ListedBuilder> = { Nodes: [{ Status: 'inactive' }] };
const choose = (builders: readonly ListedBuilder[], named?: string) => chooseBuilder({ builders, named });

describe('the builder', () => {
  it('is the current one where that suits', () => {
    const current = builder('mine', 'docker-container', { Current: true, ...asleep });
    expect(choose([builder('a', 'remote'), current, engine])).toEqual({ builder: 'mine' });
  });

  it('is another one where the current one is the Engine itself; one that runs comes first', () => {
    expect(choose([engine, builder('a', 'kubernetes', asleep), builder('b', 'remote')])).toEqual({
      builder: 'b',
    });
  });

  it('need not run: buildx starts its container', () => {
    expect(choose([engine, builder('arc', 'docker-container', asleep)])).toEqual({ builder: 'arc' });
  });

  it('is the one that BUILDX_BUILDER names, and no other', () => {
    const all = [engine, builder('a', 'remote', { Current: true }), builder('b', 'cloud')];
    expect(choose(all, 'b')).toEqual({ builder: 'b' });
    expect(choose(all, 'default')).toEqual({
      unfit: [{ name: 'default', reason: expect.stringContaining("the Engine's own builder") }],
    });
    expect(choose(all, 'c')).toEqual({
      unfit: [{ name: 'c', reason: 'BUILDX_BUILDER names it, but it does not exist' }],
    });
  });

  it('is none where none suits, and why is said of each', () => {
    expect(
      choose([
        engine,
        builder('gone', 'remote', asleep),
        builder('old', 'docker-container', { Nodes: [{ Status: 'running', Version: 'v0.12.5' }] }),
        builder('broken', '', { Err: 'Cannot connect to the Docker daemon' }),
        builder('new', 'quantum'),
        builder('bare', 'remote', { Nodes: null }),
      ]),
    ).toEqual({
      unfit: [
        {
          name: 'default',
          reason: "the Engine's own builder, which neither builds for several platforms nor pushes by digest",
        },
        { name: 'gone', reason: 'does not answer' },
        {
          name: 'old',
          reason: 'its BuildKit is v0.12.5, and images that come out the same every time need v0.13',
        },
        { name: 'broken', reason: 'Cannot connect to the Docker daemon' },
        { name: 'new', reason: 'its driver "quantum" is not known' },
        { name: 'bare', reason: 'does not answer' },
      ],
    });
  });
});

describe('what to do where none suits', () => {
  const gone = builder('arc', 'remote', asleep);
  const advise = (builders: readonly ListedBuilder[], named?: string) => adviseBuilder({ builders, named });

  it('is to make one', () => {
    expect(advise([engine])).toBe(createBuilder);
  });

  it('is to start or to replace the one that has the name already', () => {
    expect(advise([engine, gone])).toBe(
      '`docker buildx inspect arc` says where it is, to start it; or put a new one in its place: ' +
        `docker buildx rm arc; ${createBuilder}`,
    );
  });

  it('is to name none by BUILDX_BUILDER where that is what is wrong', () => {
    expect(advise([engine, builder('b', 'cloud')], 'nosuch')).toBe('unset BUILDX_BUILDER; b then builds');
    expect(advise([engine], 'nosuch')).toBe(`unset BUILDX_BUILDER; then ${createBuilder}`);
    expect(advise([engine, gone], 'default')).toBe(
      `unset BUILDX_BUILDER; then docker buildx rm arc; ${createBuilder}`,
    );
  });
});
