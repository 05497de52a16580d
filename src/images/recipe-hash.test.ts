import { expect, it } from 'vitest';
import type { RecipeStep } from '../manifest/model.ts';
import { recipeHash } from './recipe-hash.ts';

const debian: RecipeStep = {
  kind: 'debian',
  suite: 'bookworm',
  packages: ['redis-server'],
  variant: 'minbase',
  links: {},
};
const go: RecipeStep = { kind: 'go', package: 'a/b', version: 'v1', target: '/b', replace: {}, tags: [] };

it('is the same for the same recipe, however its fields are ordered', () => {
  const { kind, ...rest } = debian;
  expect(recipeHash([{ ...rest, kind } as RecipeStep])).toBe(recipeHash([debian]));
});

it.each<[string, readonly RecipeStep[]]>([
  ['another package', [{ ...debian, packages: ['redis'] }, go]],
  ['another version', [debian, { ...go, version: 'v2' }]],
  ['another order of steps', [go, debian]],
  ['one step less', [debian]],
])('changes with %s', (_case, recipe) => {
  expect(recipeHash(recipe)).not.toBe(recipeHash([debian, go]));
});

it('stays what it is, or every base of every user is built anew', () => {
  expect(recipeHash([debian, go])).toMatchInlineSnapshot(
    `"650dd839315f933e4ca7e78a9dd8ceba44d890119b7b59cecc13864ade99ed4c"`,
  );
});
