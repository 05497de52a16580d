import { createHash } from 'node:crypto';
import { bundleAsset, digestsAsset, sbomAsset } from './asset-names.ts';
import { bundleFiles, packBundle } from './bundle.ts';
import { digestsFile } from './digests.ts';
import { ensureSbom } from './supply/sbom.ts';
import { imageOf, type ReleaseProgress, type ReleaseWork } from './work.ts';

export type AssetContent = { mediaType: string; bytes: Buffer; digest: string };

/** Makes the content of an asset, from the images that are in the registry and from what is attached to them. */
export async function assetContent(options: {
  work: ReleaseWork;
  progress: ReleaseProgress;
  name: string;
}): Promise<AssetContent> {
  const { work, progress, name } = options;
  const { request, commit } = work.plan;
  if (name === digestsAsset) {
    const text = digestsFile({ request, commit, images: progress.images });
    return withDigest('application/json', Buffer.from(text));
  }
  if (name === bundleAsset(request)) {
    const files = bundleFiles({ ...work.bundle(), request, images: progress.images });
    const bytes = await packBundle({ files, epochSeconds: work.snapshot.source.epochSeconds });
    return withDigest('application/gzip', bytes);
  }
  for (const image of request.images) {
    for (const { platform, digest } of imageOf(progress, image).platforms) {
      if (sbomAsset({ image, platform }) !== name) continue;
      const sbom = await ensureSbom({
        client: work.registry,
        repo: image.repository,
        image: { platform, digest },
        epochSeconds: work.snapshot.source.epochSeconds,
        environment: work.environment,
        signal: work.signal,
      });
      if (sbom.kind !== 'not-run') return withDigest('application/spdx+json', sbom.bytes);
    }
  }
  throw new Error(`nothing makes the asset ${name}`);
}

function withDigest(mediaType: string, bytes: Buffer): AssetContent {
  return { mediaType, bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}
