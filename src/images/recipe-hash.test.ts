import { expect, it } from 'vitest';
import { recipeHash } from './recipe-hash.ts';
import type { FixedStep } from './recipes/fixed-step.ts';

const debian: FixedStep = {
  kind: 'debian',
  suite: 'bookworm',
  packages: ['redis-server'],
  variant: 'minbase',
  links: {},
};
const npm: FixedStep = {
  kind: 'npm',
  folder: 'worker',
  target: '/opt/worker',
  node: '24.21.0',
  source: '/home/a/services/x/worker',
  contents: 'c0ffee',
};
const go: FixedStep = { kind: 'go', package: 'a/b', version: 'v1', target: '/b', replace: {}, tags: [] };

it('is the same for the same recipe, however its fields are ordered', () => {
  const { kind, ...rest } = debian;
  expect(recipeHash([{ ...rest, kind } as FixedStep])).toBe(recipeHash([debian]));
});

it.each<[string, readonly FixedStep[]]>([
  ['another package', [{ ...debian, packages: ['redis'] }, go]],
  ['another version', [debian, { ...go, version: 'v2' }]],
  ['another order of steps', [go, debian]],
  ['one step less', [debian]],
])('changes with %s', (_case, recipe) => {
  expect(recipeHash(recipe)).not.toBe(recipeHash([debian, go]));
});

it('changes with the files that the recipe takes, and not with where they are', () => {
  expect(recipeHash([{ ...npm, contents: 'decaf' }])).not.toBe(recipeHash([npm]));
  expect(recipeHash([{ ...npm, source: '/home/b/services/x/worker' }])).toBe(recipeHash([npm]));
});

it('stays what it is, or every base of every user is built anew', () => {
  expect(recipeHash([debian, go])).toMatchInlineSnapshot(
    `"650dd839315f933e4ca7e78a9dd8ceba44d890119b7b59cecc13864ade99ed4c"`,
  );
});
