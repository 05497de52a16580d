import type { RegistryImage } from '../registry/image.ts';
import { buildLabelNames } from './builder/build-labels.ts';

/** What all platforms of an image say of a label; nothing where they do not say the same. */
function labelOf(image: RegistryImage, label: string): string | undefined {
  const [first, ...others] = new Set(image.platforms.map(({ labels }) => labels[label]));
  return others.length === 0 ? first : undefined;
}

/** The commit that a published image was built from. */
export function revisionOf(image: RegistryImage): string | undefined {
  return labelOf(image, buildLabelNames.revision);
}
