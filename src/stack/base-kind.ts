/** The source of a base: the image named in a manifest, or its recipe. */
export type BaseKind = 'upstream' | 'recipe';

/** Label of a wrapper that says where its base came from: `registry`, `local` or `present`. */
export const baseSourceLabel = 'arc.base.source';

/** Label of a wrapper, as OCI has it, that names the upstream of its base. */
export const baseNameLabel = 'org.opencontainers.image.base.name';

/**
 * The source of a wrapper's base; an image that arc did not build has its upstream.
 *
 * @param options.upstream as the manifest names it; a release that somebody went back to may have another
 */
export function baseKind(options: {
  labels: Readonly<Record<string, string>>;
  upstream: string;
}): BaseKind | { other: string } {
  const { labels, upstream } = options;
  if (labels[baseSourceLabel] === 'local') return 'recipe';
  const name = labels[baseNameLabel];
  return name === undefined || name === upstream ? 'upstream' : { other: name };
}
