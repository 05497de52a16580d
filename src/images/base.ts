import { ArcError } from '../core/errors.ts';
import { cacheKey, findCachedLayer } from './base-cache.ts';
import {
  attemptLines,
  type BaseReady,
  type BaseRequest,
  type BaseTools,
  type LocalBase,
} from './base-model.ts';
import { localBaseReference } from './load-base.ts';
import { makeLocalBase } from './local-base.ts';
import { imageLabels } from './model.ts';
import { findPresentBase, namesOfBase } from './present-base.ts';
import { pullBase } from './pull-base.ts';
import { recipeHash } from './recipe-hash.ts';
import { planRoutes, type Route } from './routes.ts';

/** Why arc cannot get a base: a line for every attempt, and the remedy if the last one has one. */
export type BaseLost = { attempts: readonly string[]; help?: string };

/** The result for a base so far; it has to be built if no faster route succeeds. */
export type BaseSearch =
  | { kind: 'found'; base: BaseReady }
  | { kind: 'to-build'; build: () => Promise<BaseReady | BaseLost> }
  | ({ kind: 'lost' } & BaseLost);

/**
 * Gets one base by its policy, trying one route after the other until the base has to be built.
 *
 * @param options.refresh asked for explicitly: gets it anew even if it is there
 */
export async function seekBase(
  options: BaseTools & { request: BaseRequest; refresh: boolean },
): Promise<BaseSearch> {
  const { request, refresh, ...tools } = options;
  const local = describeLocal(request, tools.architecture);
  const { steps, ways } = await explore({ request, local, tools, refresh });
  const attempts: string[] = [];
  for (const step of steps) {
    if ('ruledOut' in step) {
      attempts.push(step.ruledOut);
      continue;
    }
    const way = ways[step.route];
    if (way === undefined) continue;
    const take = () => takeWay({ way, route: step.route, attempts, request, tools });
    // Always the last.
    if (step.route === 'build') return { kind: 'to-build', build: take };
    const outcome = await take();
    if ('id' in outcome) return { kind: 'found', base: outcome };
  }
  return { kind: 'lost', attempts };
}

/** Tries a route; a failure is one more attempt. */
async function takeWay(options: {
  way: Way;
  route: Route;
  attempts: string[];
  request: BaseRequest;
  tools: BaseTools;
}): Promise<BaseReady | BaseLost> {
  const { way, route, attempts, request, tools } = options;
  try {
    return await way(attempts);
  } catch (cause) {
    tools.signal.throwIfAborted();
    attempts.push(...attemptLines({ route, upstream: request.upstream, mirrors: tools.mirrors, cause }));
    const help =
      route === 'build' &&
      ((cause instanceof ArcError ? cause.problems[0].suggestion : undefined) ??
        'fix what the last lines report, then run the same command again; finished builds are kept');
    return { attempts, ...(help && { help }) };
  }
}

function describeLocal({ upstream, recipe }: BaseRequest, architecture: string): LocalBase | undefined {
  if (!recipe) return undefined;
  const hash = recipeHash(recipe);
  return { recipe, hash, key: cacheKey(hash, architecture), name: localBaseReference(upstream, hash) };
}

/** Takes one route. Earlier attempts explain why this route is taken. */
type Way = (before: readonly string[]) => Promise<BaseReady>;

type Ways = Partial<Record<Route, Way>>;

/** Looks what is there already, and finds the routes that lead to the base. */
async function explore(options: {
  request: BaseRequest;
  local: LocalBase | undefined;
  tools: BaseTools;
  refresh: boolean;
}) {
  const { request, local, tools, refresh } = options;
  const named = { upstream: request.upstream, mirrors: tools.mirrors, locked: request.locked };
  const names = [...namesOfBase(named), ...(local ? [local.name] : [])];
  const observed = await tools.engineImages.observe(names);
  const traced = await tools.engineImages.trace({ names: namesOfBase(named), observed });
  const { present, other } = findPresentBase({ ...named, observed: traced });
  const loaded = local && observed(local.name);
  const cached = local && (await findCachedLayer(tools.cacheDirectory, local.key));
  const steps = planRoutes({
    policy: request.policy,
    offline: tools.offline,
    presentUpstream: present !== undefined,
    presentOther: other,
    presentLocal: local !== undefined && loaded?.labels[imageLabels.recipe] === local.hash,
    recipe: local !== undefined,
    cached: cached !== undefined,
    refresh,
  });
  const ways: Ways = { pull: () => pullBase({ tools, request }) };
  if (present) {
    const { name, image, digest } = present;
    const source = digest ? 'registry' : 'present';
    ways['present-upstream'] = async () => ({ name, id: image.id, source, ...(digest ? { digest } : {}) });
  }
  if (local) {
    const make = (layer: typeof cached) => (before: readonly string[]) =>
      makeLocalBase({ tools, request, local, layer, because: before[0], rebuild: refresh });
    ways['load-cached'] = make(cached);
    ways.build = make(undefined);
    if (loaded) {
      ways['present-local'] = async () => ({
        name: local.name,
        id: loaded.id,
        source: 'local',
        recipe: local.hash,
      });
    }
  }
  return { steps, ways };
}
