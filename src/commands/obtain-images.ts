import type { EngineConnection } from '../engine/connect.ts';
import { ArcError, exitStatus, failed, type Problem } from '../errors.ts';
import { defaultCacheDirectory } from '../images/cache-directory.ts';
import type { ImagesContext } from '../images/context.ts';
import { ensureImages, type ImagesOutcome } from '../images/ensure.ts';
import { type ImagesLock, lockedBase } from '../images/lock/model.ts';
import type { ImageMissing, ImageReady, ImageRequest } from '../images/model.ts';
import { fixRecipe } from '../images/recipes/fixed-step.ts';
import type { BasePolicy, WorkspaceManifest } from '../manifest/model.ts';
import { dockerfileText } from '../render/dockerfile.ts';
import { withFallbacks } from '../stack/flavours.ts';
import type { ResolvedImage, ResolvedStack } from '../stack/model.ts';
import { reduceStack } from '../stack/reduce.ts';
import type { ImageOptions } from './boot-options.ts';
import { chooseFlavours } from './choose-flavours.ts';
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
    options.stack.containers.map(({ role, image, flavour }) =>
      imageRequest({ ...options, role, image, embedded: flavour?.name === 'embedded' }),
    ),
  );
}

/**
 * @param options.root the workspace's, absolute: recipes take files of it
 * @param options.bases the policy of this run, before those of arc.yaml
 * @throws ArcError `recipe-folder`
 */
export async function imageRequest(options: {
  role: string;
  embedded?: boolean;
  image: ResolvedImage;
  root: string;
  workspace: WorkspaceManifest;
  bases: BasePolicy | undefined;
  lock: ImagesLock;
}): Promise<ImageRequest> {
  const { role, embedded = false, root, workspace, bases, lock } = options;
  const { recipe, ...image } = options.image;
  const locked = lockedBase({ lock, upstream: image.upstream })?.digest;
  return {
    role,
    image,
    // No registry has an embedded flavour.
    policy: embedded ? 'local' : (bases ?? workspace.base_overrides[role] ?? workspace.bases),
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

/** What a stack's images have come to: the stack with the flavours that can be had, and what it still lacks. */
export type ProvidedStack = {
  stack: ResolvedStack;
  ready: readonly ImageReady[];
  missing: readonly ImageMissing[];
};

/**
 * Brings the images of a stack to the Engine, in the flavours that are there already or else can be had, and says
 * where a container does not run its upstream's.
 *
 * @param options.ensure how: what is not there, or everything anew
 */
export async function provideStack(options: {
  cli: Cli;
  connection: EngineConnection;
  stack: ResolvedStack;
  root: string;
  workspace: WorkspaceManifest;
  lock: ImagesLock;
  request: ImageOptions;
  yes: boolean;
  ensure: (context: ImagesContext & { requests: readonly ImageRequest[] }) => Promise<ImagesOutcome>;
}): Promise<ProvidedStack> {
  const { cli, connection, root, workspace, lock, request, ensure } = options;
  const context = imagesContext(options);
  const requestsFor = (stack: ResolvedStack) =>
    imageRequests({ stack, root, workspace, bases: request.bases, lock });

  const preferred = await chooseFlavours({
    docker: connection.docker,
    stack: options.stack,
    workspace,
    lock,
  });
  const first = await ensure({ ...context, requests: await requestsFor(preferred) });
  const stack = withFallbacks({
    stack: preferred,
    roles: new Set(first.missing.map(({ role }) => role)),
  });
  sayFallbacks({ cli, wanted: options.stack, stack, missing: first.missing });
  const replaced = stack.containers.filter((container) => !preferred.containers.includes(container));
  if (replaced.length === 0) return { stack, ...first };

  const second = await ensure({
    ...context,
    requests: await requestsFor({ ...stack, containers: replaced }),
  });
  const lost = new Set(replaced.map(({ role }) => role));
  return {
    stack,
    ready: [...first.ready, ...second.ready],
    missing: [...first.missing.filter(({ role }) => !lost.has(role)), ...second.missing],
  };
}

/** Nobody is given another program than they may expect without being told. */
function sayFallbacks(options: {
  cli: Cli;
  wanted: ResolvedStack;
  stack: ResolvedStack;
  missing: readonly ImageMissing[];
}): void {
  const { cli, wanted, stack, missing } = options;
  for (const container of stack.containers) {
    const { role, flavour, image } = container;
    if (flavour === undefined || wanted.containers.includes(container)) continue;
    const attempts = missing.find((one) => one.role === role)?.problem.detail;
    cli.emit({
      type: 'warning',
      problem: {
        code: 'embedded-flavour',
        message: `${role} runs its embedded flavour, ${image.reference}: ${flavour.because}.`,
        ...(attempts === undefined ? {} : { detail: attempts }),
        suggestion: 'docs/embedded-workers.md says what it lacks; --flavour upstream insists on the other',
      },
    });
  }
}

/**
 * Brings every image of the stack to the Engine.
 *
 * @param options.partial go on without what cannot be had, and say what that is
 * @returns the stack that can be booted
 * @throws ArcError with a problem for each image that cannot be had, each with every attempt that was made
 */
export async function obtainImages(
  options: Omit<Parameters<typeof provideStack>[0], 'ensure'> & { partial: boolean },
): Promise<ProvidedStack> {
  const { cli, partial } = options;
  const { stack, ready, missing } = await provideStack({ ...options, ensure: ensureImages });
  const [first, ...rest] = missing.map(({ problem }) => problem);
  if (first === undefined) return { stack, ready, missing };
  if (!partial) {
    const hint: Problem = {
      ...first,
      suggestion: `${first.suggestion === undefined ? '' : `${first.suggestion.replace(/\.$/, '')}; or `}add --partial to boot the rest without it`,
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
