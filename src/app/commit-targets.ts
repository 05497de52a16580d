import type { GitSource } from '../git/source.ts';
import { sourceLabels } from '../images/builder/build-labels.ts';
import type { BuildTarget } from '../images/builder/model.ts';
import { pinBases } from '../images/builder/pin-bases.ts';
import { buildTargets, type WantedImage } from '../images/builder/targets.ts';
import type { ImagesLock } from '../images/lock/model.ts';
import { wantedBases } from '../images/lock/wanted.ts';
import type { Platform } from '../manifest/model-release.ts';
import type { Workspace } from '../workspace/load.ts';
import type { Context } from './context.ts';

/**
 * Input for buildx to build the images of a commit: pinned bases, and labels that name their sources.
 *
 * @param options.version the version that is released; none for a build that is no release
 */
export async function commitTargets(options: {
  context: Pick<Context, 'environment' | 'emit' | 'signal'>;
  workspace: Workspace;
  images: readonly WantedImage[];
  lock: ImagesLock;
  source: GitSource | undefined;
  platforms: readonly Platform[];
  version?: string;
}): Promise<readonly BuildTarget[]> {
  const { context, workspace, images, lock, source, platforms, version } = options;
  const { manifests } = workspace;
  const { environment, emit, signal } = context;
  const bases = await pinBases({
    wanted: wantedBases({ manifests, roles: new Set(images.map(({ role }) => role)) }),
    mirrors: manifests.workspace.mirrors,
    ...{ lock, platforms, environment, emit, signal },
  });
  const labels = sourceLabels({ source, ...(version === undefined ? {} : { version }) });
  return buildTargets({ images, bases, labels });
}
