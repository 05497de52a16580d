import { type GitSource, revisionTag } from '../../git/source.ts';
import { buildLabelNames } from '../../registry/image-labels.ts';
import { formatReference, parseReference } from '../../registry/reference.ts';
import { imageLabels } from '../model.ts';

/** Marks what was built from files that no commit has. */
const dirtyMark = '-dirty';

/**
 * Labels with the time, the commit and the version of a build. Outside a repository there are none: a missing label is
 * better than a wrong one.
 *
 * @param options.version the version that is released; a build that is no release is called `sha-1a2b3c4d5e6f`
 */
export function sourceLabels(options: {
  source: GitSource | undefined;
  version?: string;
}): Readonly<Record<string, string>> {
  const { source, version } = options;
  if (source === undefined) return {};
  const mark = source.changed.length > 0 ? dirtyMark : '';
  return {
    [buildLabelNames.created]: timeOf(source.epochSeconds),
    [buildLabelNames.revision]: `${source.commit}${mark}`,
    [buildLabelNames.version]: version ?? `${revisionTag(source.commit)}${mark}`,
  };
}

/** Name and digest of the base. The name is the manifest's, even if arc used a mirror. */
export function baseLabels(base: { reference: string; digest: string }): Readonly<Record<string, string>> {
  return {
    [imageLabels.baseName]: formatReference(parseReference(base.reference)),
    [imageLabels.baseDigest]: base.digest,
  };
}

/** RFC 3339 without fractions, as BuildKit writes the same time into the image's config. */
function timeOf(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString().replace('.000Z', 'Z');
}
