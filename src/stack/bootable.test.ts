import { describe, expect, test } from 'vitest';
import { testContainer, testStack } from '../../tests/fixtures/stacks.ts';
import { planUp } from '../platform/docker/plan-up.ts';
import { asBootable } from './bootable.ts';
import type { DescribedContainer, Stack } from './model.ts';

const cache = testContainer({ role: 'cache' });
const auto: DescribedContainer = {
  ...cache,
  flavour: { name: 'upstream', because: 'preferred where it can be had' },
  alternatives: [{ name: 'small', description: 'A small one.', image: cache.image, volumes: [] }],
};
const described: Stack = { ...testStack({ containers: [cache] }), containers: [auto] };
const snapshot = { project: 'arc', containers: [], networks: [], volumes: [], images: {} };

describe('a stack that can be booted', () => {
  test('has each container in the flavour that was chosen, and nothing of the others', () => {
    const [container] = asBootable(described).containers;
    expect(container).toEqual({ ...cache, flavour: auto.flavour });
  });

  test('has nothing of how it was asked for', () => {
    const { selection, refused, warnings, inFlavours, ...kept } = described;
    expect(asBootable(described)).toEqual({ ...kept, containers: asBootable(described).containers });
  });

  test('is what a plan takes: the compiler refuses one whose flavours are not chosen', () => {
    planUp({ stack: asBootable(described), snapshot, root: '/w' });
    // @ts-expect-error a container may still have two flavours
    planUp({ stack: described, snapshot, root: '/w' });
  });
});
