import type { EngineImages } from './engine-images.ts';
import { repositoriesOf } from './observed-images.ts';

/**
 * The images of an Engine, with some references looked up in one call. Other references are looked up on the Engine.
 */
export async function lookUpOnce(options: {
  engineImages: EngineImages;
  references: readonly string[];
}): Promise<EngineImages> {
  const { engineImages, references } = options;
  const observed = await engineImages.observe(references);
  const known = new Set(repositoriesOf(references));
  return {
    ...engineImages,
    observe: async (wanted) => {
      const asked = [...wanted];
      return repositoriesOf(asked).every((repository) => known.has(repository))
        ? observed
        : engineImages.observe(asked);
    },
  };
}
