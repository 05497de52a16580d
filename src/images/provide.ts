import { availableParallelism } from 'node:os';
import { ArcError, type Problem } from '../errors.ts';
import { obtainBase } from './base.ts';
import type { BaseTools } from './base-model.ts';
import type { ImagesContext } from './context.ts';
import type { ImagesOutcome } from './ensure.ts';
import { mapLimited } from './limit.ts';
import type { ImageMissing, ImageReady, ImageRequest } from './model.ts';
import { withOnePolicyEach } from './one-policy.ts';
import { hashOf, recipeHash } from './recipe-hash.ts';
import { registryCheck } from './registry-check.ts';
import { buildWrapper } from './wrapper.ts';

/**
 * Gets bases and builds wrappers from them, several at a time. Wrappers with the same base share it, and containers
 * with the same wrapper share that.
 *
 * @param options.refresh gets bases anew even if they are there
 * @param options.labels of this build, for all wrappers; none unless given
 */
export async function provideImages(
  options: ImagesContext & {
    requests: readonly ImageRequest[];
    refresh: boolean;
    labels?: Readonly<Record<string, string>>;
  },
): Promise<ImagesOutcome> {
  const { docker, signal, refresh, labels = {} } = options;
  const { Arch: architecture } = await docker.version();
  const tools: BaseTools = { ...options, architecture, check: registryCheck(docker, signal) };
  const outcomes = await mapLimited({
    items: groupBy(withOnePolicyEach(options.requests), ({ image, recipe, policy, locked }) =>
      hashOf([image.upstream, policy, recipe ? recipeHash(recipe) : null, locked ?? null]),
    ),
    limit: availableParallelism(),
    map: (group) => provideGroup({ group, tools, refresh, labels }),
  });
  return {
    ready: outcomes.flatMap(({ ready }) => ready),
    missing: outcomes.flatMap(({ missing }) => missing),
  };
}

/**
 * Builds the wrappers, whether they are there or not, and gets the bases that they lack.
 *
 * @param options.refresh also gets anew the bases that are there, for the packages in them to be the latest
 * @param options.labels of this build, for all wrappers; none unless given
 */
export function buildImages(
  options: ImagesContext & {
    requests: readonly ImageRequest[];
    refresh: boolean;
    labels?: Readonly<Record<string, string>>;
  },
): Promise<ImagesOutcome> {
  return provideImages(options);
}

/** Pulls the bases from their registries, whether they are there or not, and builds the wrappers from them. */
export function pullImages(
  options: ImagesContext & { requests: readonly ImageRequest[] },
): Promise<ImagesOutcome> {
  const requests = options.requests.map((request) => ({ ...request, policy: 'registry' as const }));
  return provideImages({ ...options, requests, refresh: true });
}

type Group<T> = readonly [T, ...T[]];

/** Requests for the same base. */
async function provideGroup(options: {
  group: Group<ImageRequest>;
  tools: BaseTools;
  refresh: boolean;
  labels: Readonly<Record<string, string>>;
}): Promise<ImagesOutcome> {
  const { group, tools, refresh, labels } = options;
  const [{ role, policy, image, recipe, locked }] = group;
  const outcome = await obtainBase({
    ...tools,
    refresh,
    request: { role, upstream: image.upstream, policy, recipe, locked },
  });
  if ('attempts' in outcome) {
    const missing = group.map((request) => missingBase({ request, attempts: outcome.attempts, tools }));
    return { ready: [], missing };
  }
  const ready: ImageReady[] = [];
  const missing: ImageMissing[] = [];
  for (const sharers of groupBy(group, (request) => hashOf([request.image.reference, request.dockerfile]))) {
    try {
      const built = await buildWrapper({ ...tools, request: sharers[0], base: outcome.base, labels });
      ready.push(...sharers.map(({ role: sharer }) => ({ ...built, role: sharer })));
    } catch (cause) {
      if (!(cause instanceof ArcError)) throw cause;
      const [problem] = cause.problems;
      missing.push(...sharers.map((request) => missingImage(request, problem)));
    }
  }
  return { ready, missing };
}

function missingBase(options: {
  request: ImageRequest;
  attempts: readonly string[];
  tools: BaseTools;
}): ImageMissing {
  const { request, attempts, tools } = options;
  return missingImage(request, {
    code: 'base-unavailable',
    message: `The base image of ${request.role}, ${request.image.upstream}, cannot be had.`,
    detail: attempts,
    suggestion: tools.offline
      ? 'Run it once without --offline, or bring the images along with `arc images save` and `arc images load`.'
      : 'Name a mirror of the registry under `mirrors` in arc.yaml, or load an archive with `arc images load`.',
  });
}

function missingImage({ role, image }: ImageRequest, problem: Problem): ImageMissing {
  return { role, reference: image.reference, problem };
}

/** Items with the same key together, in order of the first of each. */
function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): readonly Group<Item>[] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}
