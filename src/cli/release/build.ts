import { commitTargets } from '../../app/commit-targets.ts';
import type { GitSource } from '../../git/source.ts';
import { buildAndPush, type PushedImage } from '../../images/builder/build-and-push.ts';
import type { WantedImage } from '../../images/builder/targets.ts';
import type { ImagesLock } from '../../images/lock/model.ts';
import type { Platform } from '../../manifest/model-release.ts';
import type { RegistryClient } from '../../registry/client.ts';
import type { Workspace } from '../../workspace/load.ts';
import type { Cli } from '../cli.ts';

/** Builds images of a release for all of its platforms, and pushes them by digest. */
export async function buildForRelease(options: {
  cli: Cli;
  workspace: Workspace;
  client: RegistryClient;
  lock: ImagesLock;
  source: GitSource;
  version: string;
  platforms: readonly Platform[];
  images: readonly WantedImage[];
}): Promise<readonly PushedImage[]> {
  const { cli, workspace, client, source, platforms } = options;
  const { environment, emit, signal } = cli;
  const targets = await commitTargets({ ...options, context: cli });
  const { epochSeconds } = source;
  return await buildAndPush({
    ...{ client, targets, platforms, epochSeconds, environment, emit, signal },
    root: workspace.root,
  });
}
