import { posix } from 'node:path';
import type { GitSource } from '../../git/source.ts';
import { bake } from '../../images/builder/bake.ts';
import { baseLabels, sourceLabels } from '../../images/builder/build-labels.ts';
import type { BuildTarget, BuiltImage } from '../../images/builder/model.ts';
import { openBuilder } from '../../images/builder/open-builder.ts';
import { pinnedReference } from '../../images/lock/pinned.ts';
import type { ReleaseImage, ReleaseRequest } from '../../release/model.ts';
import type { Cli } from '../cli.ts';

/** Builds images of a release for all of its platforms, and pushes them by digest. */
export async function buildForRelease(options: {
  cli: Cli;
  root: string;
  request: ReleaseRequest;
  source: GitSource;
  mirrors: Readonly<Record<string, string>>;
  images: readonly ReleaseImage[];
}): Promise<readonly BuiltImage[]> {
  const { cli, root, request, source, mirrors, images } = options;
  const { environment, emit, signal } = cli;
  return await bake({
    builder: await openBuilder({ root, environment, signal }),
    targets: images.map((image) => target({ image, request, source, mirrors })),
    platforms: request.platforms,
    epochSeconds: source.epochSeconds,
    output: 'push',
    root,
    environment,
    emit,
    signal,
  });
}

function target(options: {
  image: ReleaseImage;
  request: ReleaseRequest;
  source: GitSource;
  mirrors: Readonly<Record<string, string>>;
}): BuildTarget {
  const { image, request, source, mirrors } = options;
  const { reference, digest } = image.base;
  // The plan has refused what is not locked.
  if (digest === undefined) throw new Error(`${reference} has no digest`);
  return {
    role: image.role,
    name: image.name,
    repository: image.repository,
    folder: posix.dirname(image.dockerfile),
    dockerfile: posix.basename(image.dockerfile),
    base: { reference, digest, pinned: pinnedReference({ reference, digest, mirrors }) },
    labels: { ...sourceLabels({ source, version: request.version }), ...baseLabels({ reference, digest }) },
  };
}
