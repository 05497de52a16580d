import type { ContainerManifest, ServiceManifest } from '../manifest/model.ts';
import type { FlavourManifest } from '../manifest/model-flavours.ts';
import type { Alternative, MountedVolume, ResolvedImage } from './model.ts';
import type { Entry } from './workspace-index.ts';

/** The wrapper of a container, and what it is made from. */
export function imageOf(options: {
  manifest: ContainerManifest;
  service: ServiceManifest;
  /** Address of the repository that the images come from, if the workspace names one. */
  source: string | undefined;
}): ResolvedImage {
  const { manifest, service, source } = options;
  // realtime-ingress of the service realtime has Dockerfile.ingress.
  const suffix = manifest.role.startsWith(`${service.role}-`)
    ? manifest.role.slice(service.role.length + 1)
    : manifest.role;
  return {
    reference: manifest.image,
    upstream: manifest.upstream,
    ...(manifest.release_base === undefined ? {} : { releaseBase: manifest.release_base }),
    ...(manifest.recipe === undefined ? {} : { recipe: manifest.recipe }),
    user: manifest.user,
    owned: manifest.volumes.map((volume) => volume.target),
    dockerfile: manifest.role === service.role ? 'Dockerfile' : `Dockerfile.${suffix}`,
    folder: service.folder,
    labels: {
      'org.opencontainers.image.title': manifest.name,
      'org.opencontainers.image.description': manifest.description,
      // Unknown facts get no label: an empty label would be a wrong answer.
      ...(manifest.licenses === undefined ? {} : { 'org.opencontainers.image.licenses': manifest.licenses }),
      ...(source === undefined ? {} : { 'org.opencontainers.image.source': source }),
      'arc.service.name': manifest.name,
      'arc.service.role': manifest.role,
      'arc.service.codename': manifest.codename,
      'arc.service.tech': manifest.tech,
    },
  };
}

/** Volumes belong to a container, so that two containers may call theirs `data`. */
export function volumeName(options: { container: string; volume: string }): string {
  return `${options.container}-${options.volume}`;
}

/** The volumes of a container, with the names that they have on the Engine. */
export function mountedVolumes(options: {
  container: string;
  volumes: ContainerManifest['volumes'];
}): readonly MountedVolume[] {
  return options.volumes.map(({ name, target, format }) => ({
    volume: volumeName({ container: options.container, volume: name }),
    target,
    ...(format === undefined ? {} : { format }),
  }));
}

/** What of a further flavour a choice depends on. */
export function alternativeOf(options: {
  flavour: FlavourManifest;
  entry: Entry;
  source: string | undefined;
}): readonly Alternative[] {
  const { flavour, entry, source } = options;
  const { name, form, without } = flavour;
  if (form === undefined) return [];
  return [
    {
      name,
      ...(without === undefined ? {} : { without }),
      description: form.description,
      image: imageOf({ manifest: form, service: entry.service, source }),
      volumes: mountedVolumes({ container: entry.name, volumes: form.volumes }),
    },
  ];
}
