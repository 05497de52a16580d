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
import { observeImages } from './observe-images.ts';
import { findPresentBase, namesOfBase } from './present-base.ts';
import { pullBase } from './pull-base.ts';
import { recipeHash } from './recipe-hash.ts';
import { traceImages } from './registry-digests.ts';
import { planRoutes, type Route } from './routes.ts';

/** What came of a base; one line for every attempt where it cannot be had. */
export type BaseOutcome = { base: BaseReady } | { attempts: readonly string[] };

/**
 * Gets one base by its policy, one route after the other.
 *
 * @param options.refresh asked for explicitly: gets it anew even if it is there
 */
export async function obtainBase(
  options: BaseTools & { request: BaseRequest; refresh: boolean },
): Promise<BaseOutcome> {
  const { request, refresh, ...tools } = options;
  const local = describeLocal(request, tools.architecture);
  const { steps, ways } = await explore({ request, local, tools, refresh });
  const attempts: string[] = [];
  for (const step of steps) {
    if ('ruledOut' in step) {
      attempts.push(step.ruledOut);
      continue;
    }
    try {
      const base = await ways[step.route]?.(attempts);
      if (base) return { base };
    } catch (cause) {
      tools.signal.throwIfAborted();
      const { upstream } = request;
      attempts.push(...attemptLines({ route: step.route, upstream, mirrors: tools.mirrors, cause }));
    }
  }
  return { attempts };
}

function describeLocal({ upstream, recipe }: BaseRequest, architecture: string): LocalBase | undefined {
  if (!recipe) return undefined;
  const hash = recipeHash(recipe);
  return { recipe, hash, key: cacheKey(hash, architecture), name: localBaseReference(upstream, hash) };
}

/** How each route is taken; it is told what was tried before, to say why it is taken. */
type Ways = Partial<Record<Route, (before: readonly string[]) => Promise<BaseReady>>>;

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
  const observed = await observeImages(tools.docker, names);
  const traced = await traceImages({ docker: tools.docker, names: namesOfBase(named), observed });
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
