import { cacheKey, findCachedLayer } from './base-cache.ts';
import type { ImageRequest } from './model.ts';
import { recipeHash } from './recipe-hash.ts';
import { planRoutes, type Route } from './routes.ts';

/** Where a base will come from on an Engine that has no images yet. */
export type Foreseen = 'had' | 'to-build' | 'lost';

/**
 * Tells what will become of a base, without an Engine and before anything is fetched: whether a recipe has to be
 * carried out here depends on the policy, the cache and whether the registry answers.
 *
 * @param options.answers whether the registry of a base does, or its mirror
 */
export async function foreseeBase(options: {
  request: ImageRequest;
  offline: boolean;
  cacheDirectory: string;
  answers: (upstream: string) => Promise<boolean>;
}): Promise<Foreseen> {
  const { request, offline, cacheDirectory, answers } = options;
  const { recipe, policy, image } = request;
  const key = recipe && cacheKey(recipeHash(recipe), thisArchitecture());
  const steps = planRoutes({
    policy,
    offline,
    presentUpstream: false,
    presentOther: false,
    presentLocal: false,
    recipe: recipe !== undefined,
    cached: key !== undefined && (await findCachedLayer(cacheDirectory, key)) !== undefined,
    refresh: false,
  });
  for (const step of steps) {
    if ('ruledOut' in step) continue;
    const outcome = outcomes[step.route];
    if (step.route !== 'pull' || (await answers(image.upstream))) return outcome;
  }
  return 'lost';
}

const outcomes: Record<Route, Foreseen> = {
  'present-upstream': 'had',
  'present-local': 'had',
  pull: 'had',
  'load-cached': 'had',
  build: 'to-build',
};

/** This machine's processor as Docker calls it: an Engine that is installed here has the same. */
function thisArchitecture(): string {
  const names: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };
  return names[process.arch] ?? process.arch;
}
