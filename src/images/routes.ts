import type { BasePolicy } from '../manifest/model.ts';

/** A way to a base image, the quick ones first. */
export type Route =
  /** On the Engine under the upstream's name. */
  | 'present-upstream'
  /** On the Engine, built by this recipe. */
  | 'present-local'
  | 'pull'
  /** Built by this recipe before, and kept in the cache directory. */
  | 'load-cached'
  | 'build';

export type RouteFacts = {
  policy: BasePolicy;
  offline: boolean;
  presentUpstream: boolean;
  /** On the Engine there is an image under the upstream's name, but it is not the one that is locked. */
  presentOther: boolean;
  presentLocal: boolean;
  recipe: boolean;
  cached: boolean;
  /** Asked for explicitly: what is there already does not count. */
  refresh: boolean;
};

/** A route to try, or why one is out of the question. */
export type RouteStep = { route: Route } | { ruledOut: string };

/**
 * Decides in which order to try the ways to a base. An image on the Engine is never fetched again; the registry comes
 * before the recipe; nothing that needs the network is tried offline.
 */
export function planRoutes(facts: RouteFacts): readonly RouteStep[] {
  if (!facts.refresh && facts.policy !== 'local' && facts.presentUpstream)
    return [{ route: 'present-upstream' }];
  if (!facts.refresh && facts.policy !== 'registry' && facts.presentLocal)
    return [{ route: 'present-local' }];
  return [...registryRoutes(facts), ...localRoutes(facts)];
}

function registryRoutes({ policy, offline, presentOther }: RouteFacts): readonly RouteStep[] {
  if (policy === 'local') return [{ ruledOut: 'registry: not asked, the policy is "local"' }];
  if (!offline) return [{ route: 'pull' }];
  if (presentOther) {
    return [
      { ruledOut: 'registry: not asked while offline, and the Engine has another image than is locked' },
    ];
  }
  return [{ ruledOut: 'registry: not asked while offline, and the image is not on the Engine' }];
}

function localRoutes(facts: RouteFacts): readonly RouteStep[] {
  if (facts.policy === 'registry') return [{ ruledOut: 'local recipe: not used, the policy is "registry"' }];
  if (!facts.recipe) return [{ ruledOut: 'local recipe: the manifest has none for this base' }];
  const load: RouteStep[] = facts.cached && !facts.refresh ? [{ route: 'load-cached' }] : [];
  if (!facts.offline) return [...load, { route: 'build' }];
  if (load.length > 0) return load;
  return [{ ruledOut: 'local recipe: has not been built on this machine, and needs the network' }];
}
