import { availableParallelism } from 'node:os';
import type { Problem } from '../core/errors.ts';
import { type BaseLost, type BaseSearch, seekBase } from './base.ts';
import type { BaseTools } from './base-model.ts';
import { type Group, groupBy } from './group-by.ts';
import { mapLimited } from './limit.ts';
import type { ImageMissing, ImageRequest } from './model.ts';
import { hashOf, recipeHash } from './recipe-hash.ts';

/** Requests for the same base, and its state: found, or to be built. */
export type Found = { group: Group<ImageRequest>; search: Exclude<BaseSearch, { kind: 'lost' }> };

/** Looks for bases, and pulls those that are elsewhere, several at a time. Builds none. */
export async function seekBases(options: {
  requests: readonly ImageRequest[];
  tools: BaseTools;
  refresh: boolean;
}): Promise<{ found: readonly Found[]; lost: readonly ImageMissing[] }> {
  const { requests, tools, refresh } = options;
  const searches = await mapLimited({
    items: groupBy(requests, baseKey),
    limit: availableParallelism(),
    map: async (group) => {
      const [{ role, policy, image, recipe, locked }] = group;
      const request = { role, upstream: image.upstream, policy, recipe, locked };
      return { group, search: await seekBase({ ...tools, request, refresh }) };
    },
  });
  return {
    found: searches.flatMap(({ group, search }) => (search.kind === 'lost' ? [] : [{ group, search }])),
    lost: searches.flatMap(({ group, search }) =>
      search.kind === 'lost' ? missingBase({ requests: group, lost: search, tools }) : [],
    ),
  };
}

function baseKey({ image, recipe, policy, locked }: ImageRequest): string {
  return hashOf([image.upstream, policy, recipe ? recipeHash(recipe) : null, locked ?? null]);
}

/** Reports once, for all requests of a base, that arc cannot get it, and the remedy. */
export function missingBase(options: {
  requests: Group<ImageRequest>;
  lost: BaseLost;
  tools: Pick<BaseTools, 'offline'>;
}): readonly ImageMissing[] {
  const { requests, lost, tools } = options;
  const elsewhere = tools.offline
    ? 'run it once without --offline, or bring the images along with `arc images save` and `arc images load`'
    : 'name a mirror of the registry under `mirrors` in arc.yaml, or load an archive with `arc images load`';
  const roles = new Intl.ListFormat('en').format(requests.map(({ role }) => role));
  const problem: Problem = {
    code: 'base-unavailable',
    message: `arc could not get the base image of ${roles}, ${requests[0].image.upstream}.`,
    detail: lost.attempts,
    suggestion: lost.help ?? elsewhere,
  };
  return requests.map((request) => missingImage(request, problem));
}

export function missingImage({ role, image }: ImageRequest, problem: Problem): ImageMissing {
  return { role, reference: image.reference, problem };
}
