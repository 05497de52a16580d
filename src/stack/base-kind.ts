/** What a base is made from: the image of that name in a manifest, or the steps of its recipe. */
export type BaseKind = 'upstream' | 'recipe';

/** Label of a wrapper that says where its base came from: `registry`, `local` or `present`. */
export const baseSourceLabel = 'arc.base.source';

/** What the base of a wrapper was made from; an image that was not built by arc has it from its upstream. */
export function baseKind(labels: Readonly<Record<string, string>>): BaseKind {
  return labels[baseSourceLabel] === 'local' ? 'recipe' : 'upstream';
}
