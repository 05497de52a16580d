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
  presentLocal: boolean;
  recipe: boolean;
  cached: boolean;
  /** Asked for explicitly: what is there already does not count. */
  refresh: boolean;
};

/** The routes to try, in order, and one line for each that is out of the question. */
export type RoutePlan = { routes: readonly Route[]; ruledOut: readonly string[] };

/**
 * Decides how a base is to be had. What is on the Engine is never fetched again; the registry comes before the
 * recipe; nothing that needs the network is tried while offline.
 */
export function planRoutes(facts: RouteFacts): RoutePlan {
  const routes: Route[] = [];
  const ruledOut: string[] = [];
  const wantsRegistry = facts.policy !== 'local';
  const wantsLocal = facts.policy !== 'registry';
  if (!facts.refresh && wantsRegistry && facts.presentUpstream) routes.push('present-upstream');
  if (!facts.refresh && wantsLocal && facts.presentLocal) routes.push('present-local');
  if (routes.length > 0) return { routes: routes.slice(0, 1), ruledOut };

  if (!wantsRegistry) ruledOut.push('registry: not asked, the policy is "local"');
  else if (facts.offline)
    ruledOut.push('registry: not asked while offline, and the image is not on the Engine');
  else routes.push('pull');

  if (!wantsLocal) ruledOut.push('local recipe: not used, the policy is "registry"');
  else if (!facts.recipe) ruledOut.push('local recipe: the manifest has none for this base');
  else if (facts.cached && !facts.refresh) routes.push('load-cached');
  else if (facts.offline)
    ruledOut.push('local recipe: has not been built on this machine, and needs the network');
  if (wantsLocal && facts.recipe && !facts.offline) routes.push('build');
  return { routes, ruledOut };
}
