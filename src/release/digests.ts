import type { RegistryImage } from '../registry/image.ts';
import { repositoryName } from '../registry/reference.ts';
import type { ReleaseRequest } from './model.ts';

/** The file that says by which digests a release can be had: stable, for scripts. */
export function digestsFile(options: {
  request: Pick<ReleaseRequest, 'service' | 'version' | 'images' | 'repository'>;
  commit: string;
  images: ReadonlyMap<string, RegistryImage>;
}): string {
  const { request, commit, images } = options;
  const content = {
    service: request.service,
    version: request.version,
    source: request.repository,
    revision: commit,
    images: request.images.flatMap((image) => {
      const found = images.get(image.role);
      if (found === undefined) return [];
      return [
        {
          name: image.name,
          role: image.role,
          repository: repositoryName(image.repository),
          digest: found.digest,
          platforms: Object.fromEntries(found.platforms.map(({ platform, digest }) => [platform, digest])),
        },
      ];
    }),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
