import { availableParallelism } from 'node:os';
import { ArcError } from '../core/errors.ts';
import type { BaseTools } from './base-model.ts';
import type { BaseBuild } from './context.ts';
import type { ImagesOutcome, Wanted } from './ensure.ts';
import { type Found, missingBase, missingImage, seekBases } from './found.ts';
import { groupBy } from './group-by.ts';
import { mapLimited } from './limit.ts';
import type { ImageMissing, ImageReady, ImageRequest } from './model.ts';
import { withOnePolicyEach } from './one-policy.ts';
import { hashOf } from './recipe-hash.ts';
import { registryCheck } from './registry-check.ts';
import { sweepBuilds } from './sweep-builds.ts';
import { type BuiltWrapper, buildWrapper } from './wrapper.ts';

type Provision = Wanted & {
  /** Get bases again even if they are there. */
  refresh: boolean;
  /** Labels of this build, for all wrappers; defaults to none. */
  labels?: Readonly<Record<string, string>>;
};

/**
 * Gets bases and builds wrappers from them, several at a time. Wrappers with the same base share it, and containers
 * with the same wrapper share that.
 *
 * First all bases are looked for, and pulled; then it is certain which have to be built here, and this machine is
 * prepared for it; then those are built.
 */
export async function provideImages(options: Provision): Promise<ImagesOutcome> {
  const { engineImages } = options;
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  const { architecture } = engineImages;
  const check = registryCheck({ engineImages, signal });
  const tools: BaseTools = { ...options, signal, architecture, check };

  const { found, missing } = await seekAll({ ...options, tools });
  const builds = found.flatMap(buildOf);
  if (builds.length > 0) await options.prepare?.(builds);

  const ready: ImageReady[] = [];
  const built: BuiltWrapper[] = [];
  const substitutes: ImageRequest[] = [];
  let failure: { cause: unknown } | undefined;
  await mapLimited({
    items: found,
    limit: availableParallelism(),
    map: async (each) => {
      if (failure !== undefined) return;
      try {
        const outcome = await finish({ ...options, tools, found: each });
        ready.push(...outcome.ready);
        built.push(...outcome.built);
        if (outcome.missing.length === 0) return;
        const { instead, lost } = await replace(outcome.missing, options);
        substitutes.push(...instead);
        missing.push(...lost);
      } catch (cause) {
        failure ??= { cause };
        stopping.abort(
          new Error('stopped, because arc could not get another image; finished builds are kept'),
        );
      }
    },
  });
  if (failure !== undefined) throw failure.cause;
  await sweepBuilds({ ...options, built });
  if (substitutes.length > 0) {
    const further = await provideImages({ ...options, requests: substitutes });
    ready.push(...further.ready);
    missing.push(...further.missing);
  }
  return inOrder({ requests: options.requests, ready, missing });
}

/** Bases become ready in any order; the answer has the order of the requests, and so do replacements. */
function inOrder(options: ImagesOutcome & Pick<Wanted, 'requests'>): ImagesOutcome {
  const { requests, ready, missing } = options;
  const places = new Map(requests.map(({ role }, place) => [role, place]));
  const byPlace = (a: { role: string }, b: { role: string }) =>
    (places.get(a.role) ?? 0) - (places.get(b.role) ?? 0);
  return { ready: ready.toSorted(byPlace), missing: missing.toSorted(byPlace) };
}

/** Builds the wrappers, whether they are there or not, and gets the bases that they lack. */
export function buildImages(options: Provision): Promise<ImagesOutcome> {
  return provideImages(options);
}

/** Pulls the bases from their registries, whether they are there or not, and builds the wrappers from them. */
export function pullImages(options: Wanted): Promise<ImagesOutcome> {
  const requests = options.requests.map((request) => ({ ...request, policy: 'registry' as const }));
  return provideImages({ ...options, requests, refresh: true });
}

/** Looks for all bases, and for those of images that replace unavailable ones. */
async function seekAll(
  options: Provision & { tools: BaseTools },
): Promise<{ found: readonly Found[]; missing: ImageMissing[] }> {
  const all: Found[] = [];
  const missing: ImageMissing[] = [];
  let wanted = options.requests;
  while (wanted.length > 0) {
    const { found, lost } = await seekBases({ ...options, requests: withOnePolicyEach(wanted) });
    all.push(...found);
    const replaced = lost.length === 0 ? { instead: [], lost } : await replace(lost, options);
    missing.push(...replaced.lost);
    wanted = replaced.instead;
  }
  return { found: all, missing };
}

/** Requests replacements for unavailable images. */
async function replace(
  missing: readonly ImageMissing[],
  { onMissing }: Wanted,
): Promise<{ instead: readonly ImageRequest[]; lost: readonly ImageMissing[] }> {
  const instead = (await onMissing?.(missing)) ?? [];
  const roles = new Set(instead.map(({ role }) => role));
  return { instead, lost: missing.filter(({ role }) => !roles.has(role)) };
}

function buildOf({ group, search }: Found): readonly BaseBuild[] {
  if (search.kind !== 'to-build') return [];
  const [{ role, recipe = [] }] = group;
  return [{ role, kinds: recipe.map(({ kind }) => kind) }];
}

/** Builds a base if necessary, and then its wrappers. */
async function finish(
  options: Pick<Provision, 'labels'> & { tools: BaseTools; found: Found },
): Promise<ImagesOutcome & { built: readonly BuiltWrapper[] }> {
  const { tools, labels = {} } = options;
  const { group, search } = options.found;
  const base = search.kind === 'found' ? search.base : await search.build();
  if ('attempts' in base) {
    return { ready: [], missing: missingBase({ requests: group, lost: base, tools }), built: [] };
  }
  const ready: ImageReady[] = [];
  const built: BuiltWrapper[] = [];
  const missing: ImageMissing[] = [];
  for (const sharers of groupBy(group, (request) => hashOf([request.image.reference, request.dockerfile]))) {
    try {
      const one = await buildWrapper({ ...tools, request: sharers[0], base, labels });
      built.push(one);
      ready.push(...sharers.map(({ role: sharer }) => ({ ...one.ready, role: sharer })));
    } catch (cause) {
      tools.signal.throwIfAborted();
      if (!(cause instanceof ArcError)) throw cause;
      const [problem] = cause.problems;
      missing.push(...sharers.map((request) => missingImage(request, problem)));
    }
  }
  return { ready, missing, built };
}
