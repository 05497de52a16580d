import { buildLayer, cacheKey } from '../../src/images/base-cache.ts';
import { recipeHash } from '../../src/images/recipe-hash.ts';

// A process of its own for the test that kills it: builds the base that takes a few seconds.
const [cacheDirectory = ''] = process.argv.slice(2);
const recipe = [
  { kind: 'debian', suite: 'bookworm', variant: 'extract', packages: ['busybox-static', 'curl'], links: {} },
] as const;
await buildLayer({
  recipe,
  key: cacheKey(recipeHash(recipe), 'amd64'),
  architecture: 'amd64',
  cacheDirectory,
  rebuild: false,
  environment: process.env,
  update: () => {},
  signal: new AbortController().signal,
});
