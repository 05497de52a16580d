import type { EngineConnection } from '../engine/connect.ts';
import { ArcError, exitStatus, failed, type Problem } from '../errors.ts';
import { defaultCacheDirectory } from '../images/cache-directory.ts';
import type { ImagesContext } from '../images/context.ts';
import { ensureImages } from '../images/ensure.ts';
import { type ImagesLock, lockedBase } from '../images/lock/model.ts';
import type { ImageMissing, ImageReady, ImageRequest } from '../images/model.ts';
import { fixRecipe } from '../images/recipes/fixed-step.ts';
import type { BasePolicy, WorkspaceManifest } from '../manifest/model.ts';
import { dockerfileText } from '../render/dockerfile.ts';
import type { ResolvedImage, ResolvedStack } from '../stack/model.ts';
import { reduceStack } from '../stack/reduce.ts';
import type { ImageOptions } from './boot-options.ts';
import type { Cli } from './cli.ts';
import { confirm } from './consent.ts';

/** One request for each container; a job runs in an image of its service, and is asked for all the same. */
export function imageRequests(options: {
  stack: ResolvedStack;
  root: string;
  workspace: WorkspaceManifest;
  bases: BasePolicy | undefined;
  lock: ImagesLock;
}): Promise<readonly ImageRequest[]> {
  return Promise.all(
    options.stack.containers.map(({ role, image }) => imageRequest({ ...options, role, image })),
  );
}

/**
 * @param options.root the workspace's, absolute: recipes take files of it
 * @param options.bases the policy of this run, before those of arc.yaml
 * @throws ArcError `recipe-folder`
 */
export async function imageRequest(options: {
  role: string;
  image: ResolvedImage;
  root: string;
  workspace: WorkspaceManifest;
  bases: BasePolicy | undefined;
  lock: ImagesLock;
}): Promise<ImageRequest> {
  const { role, root, workspace, bases, lock } = options;
  const { recipe, ...image } = options.image;
  const locked = lockedBase({ lock, upstream: image.upstream })?.digest;
  return {
    role,
    image,
    policy: bases ?? workspace.base_overrides[role] ?? workspace.bases,
    dockerfile: dockerfileText(image),
    ...(recipe === undefined ? {} : { recipe: await fixRecipe({ recipe, root, folder: image.folder }) }),
    ...(locked === undefined ? {} : { locked }),
  };
}

/** What the images room needs of this process. */
export function imagesContext(options: {
  cli: Cli;
  connection: EngineConnection;
  workspace: WorkspaceManifest;
  request: ImageOptions;
  yes: boolean;
}): ImagesContext {
  const { cli, connection, workspace, request, yes } = options;
  return {
    docker: connection.docker,
    emit: cli.emit,
    signal: cli.signal,
    offline: request.offline === true,
    mirrors: workspace.mirrors,
    cacheDirectory: defaultCacheDirectory(cli.environment),
    environment: cli.environment,
    consent: async ({ command, reason }) => {
      await confirm({ cli, question: `${reason} Run ${command}?`, flag: '--yes', given: yes });
      return true;
    },
  };
}

/**
 * Brings every image of the stack to the Engine.
 *
 * @param options.partial go on without what cannot be had, and say what that is
 * @returns the stack that can be booted
 * @throws ArcError with a problem for each image that cannot be had, each with every attempt that was made
 */
export async function obtainImages(options: {
  cli: Cli;
  connection: EngineConnection;
  stack: ResolvedStack;
  root: string;
  workspace: WorkspaceManifest;
  lock: ImagesLock;
  request: ImageOptions;
  yes: boolean;
  partial: boolean;
}): Promise<{ stack: ResolvedStack; ready: readonly ImageReady[]; missing: readonly ImageMissing[] }> {
  const { cli, stack, root, workspace, lock, partial } = options;
  const { ready, missing } = await ensureImages({
    ...imagesContext(options),
    requests: await imageRequests({ stack, root, workspace, bases: options.request.bases, lock }),
  });
  const [first, ...rest] = missing.map(({ problem }) => problem);
  if (first === undefined) return { stack, ready, missing };
  if (!partial) {
    const hint: Problem = {
      ...first,
      suggestion: `${first.suggestion === undefined ? '' : `${first.suggestion}; or `}add --partial to boot the rest without it`,
    };
    throw new ArcError({ problem: [hint, ...rest], status: exitStatus.failed });
  }
  const reduced = reduceStack({ stack, absent: new Set(missing.map(({ role }) => role)) });
  if (reduced.stack.containers.length === 0) throw failed(first);
  for (const { problem } of missing) cli.emit({ type: 'warning', problem });
  for (const [role, through] of reduced.gone) {
    if (role === through) continue;
    cli.emit({
      type: 'warning',
      problem: { code: 'left-out', message: `${role} is left out as well, because it needs ${through}.` },
    });
  }
  return { stack: reduced.stack, ready, missing };
}
