import type { ReleaseImage, ReleaseRequest } from './model.ts';

/** File with the digest of every image of a release. */
export const digestsAsset = 'digests.json';

/** Archive with compose files that name the images of a release by digest. */
export function bundleAsset(request: Pick<ReleaseRequest, 'service' | 'version'>): string {
  return `${request.service}-${request.version}-compose.tar.gz`;
}

/** SBOM of one platform of an image: `arc-realtime.linux-amd64.spdx.json`. */
export function sbomAsset(options: { image: Pick<ReleaseImage, 'name'>; platform: string }): string {
  return `${options.image.name}.${options.platform.replaceAll('/', '-')}.spdx.json`;
}

/** Everything that is attached to a release on GitHub. */
export function assetNames(options: { request: ReleaseRequest; sboms: boolean }): readonly string[] {
  const { request, sboms } = options;
  return [
    digestsAsset,
    bundleAsset(request),
    ...(sboms
      ? request.images.flatMap((image) => request.platforms.map((platform) => sbomAsset({ image, platform })))
      : []),
  ];
}
