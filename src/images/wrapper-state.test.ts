import { describe, expect, it } from 'vitest';
import type { BasePolicy } from '../manifest/model.ts';
import type { ObservedImage } from '../platform/docker/observed-images.ts';
import { type ImageRequest, imageLabels } from './model.ts';
import { recipeHash } from './recipe-hash.ts';
import { isCurrent, wrapperInputs } from './wrapper-state.ts';

const recipe = [
  { kind: 'debian', suite: 'bookworm', packages: ['redis-server'], variant: 'minbase', links: {} },
] as const;

function wanted(policy: BasePolicy): ImageRequest {
  return {
    role: 'cache',
    policy,
    recipe,
    dockerfile: 'FROM base\n',
    image: {
      reference: 'ghcr.io/x/cache:latest',
      upstream: 'docker.io/library/redis:7.4',
      user: '65532:65532',
      owned: ['/data'],
      dockerfile: 'Dockerfile',
      folder: 'services/cache',
      labels: { a: 'b' },
    },
  };
}

function image(id: string, labels: Record<string, string>): ObservedImage {
  return { id, labels, digests: {}, names: [], pinned: [], bytes: 1, created: '2026-01-01T00:00:00.000Z' };
}

const inputs = wrapperInputs(wanted('auto'));
const fromRegistry = image('w', {
  [imageLabels.inputs]: inputs,
  [imageLabels.baseSource]: 'registry',
  [imageLabels.baseId]: 'base-1',
});
const fromRecipe = image('w', {
  [imageLabels.inputs]: inputs,
  [imageLabels.baseSource]: 'local',
  [imageLabels.recipe]: recipeHash(recipe),
});

describe('a wrapper on the Engine', () => {
  it.each<[string, BasePolicy, ObservedImage, ObservedImage | undefined, boolean]>([
    ['from the registry suits auto', 'auto', fromRegistry, undefined, true],
    ['from the registry suits registry', 'registry', fromRegistry, undefined, true],
    ['from the registry does not suit local', 'local', fromRegistry, undefined, false],
    ['from a recipe suits auto', 'auto', fromRecipe, undefined, true],
    ['from a recipe suits local', 'local', fromRecipe, undefined, true],
    ['from a recipe does not suit registry', 'registry', fromRecipe, undefined, false],
    ['suits while its base is the one on the Engine', 'auto', fromRegistry, image('base-1', {}), true],
    ['does not suit once another base was pulled', 'auto', fromRegistry, image('base-2', {}), false],
    ['from a recipe suits although upstream was pulled since', 'auto', fromRecipe, image('base-2', {}), true],
    ['that arc did not build does not suit', 'auto', image('w', {}), undefined, false],
  ])('%s', (_case, policy, wrapper, upstream, current) => {
    expect(isCurrent({ request: wanted(policy), wrapper, upstream })).toBe(current);
  });

  describe('of a locked base', () => {
    const made = (digest?: string) =>
      image('w', { ...fromRegistry.labels, ...(digest ? { [imageLabels.baseDigest]: digest } : {}) });
    it.each<[string, ObservedImage, ObservedImage | undefined, boolean]>([
      ['suits if made from it', made('sha256:1'), undefined, true],
      ['suits although the name stands for another one by now', made('sha256:1'), image('base-2', {}), true],
      ['does not suit if made from another one', made('sha256:2'), image('base-1', {}), false],
      ['suits if nobody knows the digest of what it was made from', made(), image('base-1', {}), true],
      ['from a recipe suits as before', fromRecipe, undefined, true],
    ])('%s', (_case, wrapper, upstream, current) => {
      const request = { ...wanted('auto'), locked: 'sha256:1' };
      expect(isCurrent({ request, wrapper, upstream })).toBe(current);
    });
  });

  it('is stale when its Dockerfile, its labels, its upstream or its recipe has changed', () => {
    const request = wanted('auto');
    const { image: resolved } = request;
    const changes: ImageRequest[] = [
      { ...request, dockerfile: 'FROM base\nUSER 1\n' },
      { ...request, image: { ...resolved, labels: { a: 'c' } } },
      { ...request, image: { ...resolved, upstream: 'docker.io/library/redis:8' } },
      { ...request, recipe: [{ ...recipe[0], suite: 'trixie' }] },
    ];
    for (const changed of changes) {
      expect(isCurrent({ request: changed, wrapper: fromRecipe, upstream: undefined })).toBe(false);
    }
  });
});
