import { inEveryFlavour } from './flavours.ts';
import type { ContainerManifest, Manifests } from './model.ts';

/**
 * Puts the images of all services where arc.yaml says that images are, in the place of the registry and the path that
 * each manifest names. A service that was written elsewhere keeps its manifest, word for word.
 */
export function placeImages(manifests: Manifests): Manifests {
  const { images } = manifests.workspace;
  if (images === undefined) return manifests;
  const placed = <Container extends ContainerManifest>(container: Container): Container =>
    inEveryFlavour(container, ({ image }) => ({ image: placedImage({ image, images }) }));
  return {
    ...manifests,
    services: manifests.services.map((service) => ({
      ...placed(service),
      sidecars: service.sidecars.map(placed),
    })),
  };
}

/** `ghcr.io/arc-framework/arc-cache:latest` in `ghcr.io/ada` is `ghcr.io/ada/arc-cache:latest`. */
export function placedImage(options: { image: string; images: string | undefined }): string {
  const { image, images } = options;
  return images === undefined ? image : `${images}/${image.slice(image.lastIndexOf('/') + 1)}`;
}
