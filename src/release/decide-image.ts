import type { Problem } from '../core/errors.ts';
import { revisionTag, shortCommit } from '../git/source.ts';
import type { RegistryImage } from '../registry/image.ts';
import { revisionOf, versionOf } from '../registry/image-labels.ts';
import type { ImageState, ReleaseImage, ReleaseRequest } from './model.ts';
import { imageAt, versionTagsOf } from './names.ts';

export type ImageDecision =
  | { kind: 'kept'; image: RegistryImage; because: string }
  | { kind: 'build'; cause: string }
  | { kind: 'taken'; problem: Problem };

/**
 * Decides whether to build an image. An image of this commit and version is kept, because another build could differ
 * from what was scanned, signed and perhaps pulled. A tag of another commit is never moved.
 */
export function decideImage(options: {
  request: Pick<ReleaseRequest, 'service' | 'version' | 'platforms'>;
  commit: string;
  /** The version's git tag is at this commit, so its names are this commit's. */
  tagged?: boolean;
  image: ReleaseImage;
  state: ImageState;
}): ImageDecision {
  const { request, commit, image, state, tagged = false } = options;
  for (const tag of versionTagsOf(request)) {
    const found = state.tags[tag];
    if (found === undefined) continue;
    const revision = revisionOf(found);
    const complete = missingPlatforms(found, request).length === 0;
    if (revision === commit && versionOf(found) === request.version && complete)
      return { kind: 'kept', image: found, because: `${tag} is of this commit` };
    return { kind: 'taken', problem: taken({ image, tag, found, commit, request, tagged }) };
  }
  const tag = revisionTag(commit);
  const found = state.tags[tag];
  if (found === undefined) return { kind: 'build', cause: `no image of ${shortCommit(commit)}` };
  if (revisionOf(found) !== commit)
    return { kind: 'taken', problem: taken({ image, tag, found, commit, request, tagged: false }) };
  if (versionOf(found) !== request.version)
    return { kind: 'build', cause: `${tag} is a build of ${versionOf(found) ?? 'no version'}` };
  const missing = missingPlatforms(found, request);
  if (missing.length > 0) return { kind: 'build', cause: `${tag} is not for ${missing.join(', ')}` };
  return { kind: 'kept', image: found, because: `${tag} is of this commit and version` };
}

function missingPlatforms(
  found: RegistryImage,
  request: Pick<ReleaseRequest, 'platforms'>,
): readonly string[] {
  const there = new Set(found.platforms.map(({ platform }) => platform));
  return request.platforms.filter((platform) => !there.has(platform));
}

function taken(options: {
  image: ReleaseImage;
  tag: string;
  found: RegistryImage;
  commit: string;
  request: Pick<ReleaseRequest, 'version' | 'platforms'>;
  tagged: boolean;
}): Problem {
  const { image, tag, found, commit, request, tagged } = options;
  const revision = revisionOf(found);
  const missing = missingPlatforms(found, request);
  const is =
    revision === undefined
      ? 'says no commit that it was built from'
      : revision !== commit
        ? `was built from ${shortCommit(revision)}, and this is ${shortCommit(commit)}`
        : missing.length > 0
          ? `is of this commit, but not for ${missing.join(', ')}`
          : `is of this commit, but says that it is ${versionOf(found) ?? 'no version'}`;
  return {
    code: 'image-tag-taken',
    message: `${imageAt(image, { tag })} exists already: it ${is}.`,
    detail: [`it is ${found.digest}`],
    suggestion: tagged
      ? 'the git tag is at this commit, so somebody has moved the tag of the image: find out who, and release the next version'
      : revision === undefined || revision === commit
        ? 'release under another version'
        : `release under another version, or check out ${shortCommit(revision)} to go on with that release`,
  };
}
