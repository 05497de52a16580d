import type { Problem } from '../../core/errors.ts';
import { placeOf } from '../build/read.ts';
import type { Draft } from '../draft.ts';
import { placedImage } from '../images-place.ts';
import { containersOf } from './ports.ts';

/** GitHub's registry: packages in it belong to the owner that their path begins with. */
const registry = 'ghcr.io';

/** A warning where images would go to other packages on ghcr.io than those of the owner who releases them. */
export function findImagesElsewhere(draft: Draft): readonly Problem[] {
  const { images, release } = draft.workspace.manifest;
  const owner = /^https:\/\/github\.com\/([^/]+)\//.exec(release?.repository ?? '')?.[1]?.toLowerCase();
  if (owner === undefined) return [];
  const elsewhere = containersOf(draft)
    .map(({ manifest }) => placedImage({ image: manifest.image, images }))
    .filter((image) => image.startsWith(`${registry}/`) && !image.startsWith(`${registry}/${owner}/`));
  if (elsewhere.length === 0) return [];
  return [
    {
      code: 'images-elsewhere',
      message: `Releases go to a repository of ${owner}, and images to packages of somebody else on ${registry}.`,
      detail: [...new Set(elsewhere)],
      suggestion: `write \`images: ${registry}/${owner}\` in arc.yaml, unless you may write to those packages as well`,
      location: placeOf(draft.workspace, ...(images === undefined ? ['release', 'repository'] : ['images'])),
    },
  ];
}
