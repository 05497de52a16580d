import { ArcError, exitStatus } from '../core/errors.ts';
import { ensureTools } from '../doctor/ensure.ts';
import { findCacheDirectory } from '../host/home.ts';
import type { BaseBuild, ImagesContext } from '../images/context.ts';
import type { ImagesOutcome, Wanted } from '../images/ensure.ts';
import type { ImagesLock } from '../images/lock/model.ts';
import type { ImageMissing, ImageReady } from '../images/model.ts';
import type { WorkspaceManifest } from '../manifest/model.ts';
import type { EngineConnection } from '../platform/docker/connection.ts';
import { withoutImages } from '../stack/flavours.ts';
import type { DescribedContainer, Stack } from '../stack/model.ts';
import { agreement } from './agreement.ts';
import { chooseFlavours } from './choose-flavours.ts';
import type { Context } from './context.ts';
import { flavourWarning } from './flavour-warning.ts';
import { imageRequests } from './image-requests.ts';
import { refuseLeftOut } from './refuse-left-out.ts';
import type { ImageOptions } from './request.ts';

/** What the images room needs from this process. */
export function imagesContext(options: {
  context: Context;
  connection: EngineConnection;
  workspace: WorkspaceManifest;
  request: ImageOptions;
  yes: boolean;
  partial?: boolean;
}): ImagesContext {
  const { context, connection, workspace, request, partial = false } = options;
  return {
    engineImages: connection.images,
    emit: context.emit,
    signal: context.signal,
    offline: request.offline === true,
    mirrors: workspace.mirrors,
    cacheDirectory: findCacheDirectory(context.environment),
    environment: context.environment,
    prepare: (builds) => prepare({ ...options, builds, partial }),
  };
}

/** Gets the tools that bases are built with; a boot of what can be had goes on without. */
async function prepare(options: {
  context: Context;
  builds: readonly BaseBuild[];
  yes: boolean;
  partial: boolean;
}): Promise<void> {
  const { context, builds, yes, partial } = options;
  const { environment, emit, signal } = context;
  try {
    await ensureTools({ builds, environment, emit, signal, ...agreement({ context, yes }) });
  } catch (cause) {
    if (!partial || !(cause instanceof ArcError) || cause.status !== exitStatus.prerequisite) throw cause;
    for (const problem of cause.problems) emit({ type: 'warning', problem });
  }
}

/** The result for a stack's images: the stack with the flavours that arc could get, and what is still missing. */
export type ProvidedStack = {
  stack: Stack;
  ready: readonly ImageReady[];
  missing: readonly ImageMissing[];
};

/**
 * Brings the images of a stack to the Engine, preferring flavours that are already there. Warns if a container does not
 * run its upstream's program.
 *
 * @param options.ensure how: what is not there, or everything anew
 * @param options.giveUp told as soon as images can be had in no flavour; where it throws, nothing more is built
 */
export async function provideStack(options: {
  context: Context;
  connection: EngineConnection;
  stack: Stack;
  root: string;
  workspace: WorkspaceManifest;
  lock: ImagesLock;
  request: ImageOptions;
  yes: boolean;
  ensure: (wanted: Wanted) => Promise<ImagesOutcome>;
  partial?: boolean;
  giveUp?: (missing: readonly ImageMissing[]) => void;
}): Promise<ProvidedStack> {
  const { context, connection, root, workspace, lock, request, ensure, giveUp } = options;
  const requestsFor = (containers: readonly DescribedContainer[]) =>
    imageRequests({ containers, root, workspace, bases: request.bases, lock });

  const preferred = await chooseFlavours({
    engineImages: connection.images,
    stack: options.stack,
    workspace,
    lock,
  });
  sayFlavours({ context, before: options.stack, stack: preferred, missing: [] });
  let stack = preferred;
  const outcome = await ensure({
    ...imagesContext(options),
    requests: await requestsFor(preferred.containers),
    onMissing: async (missing) => {
      const before = stack;
      const lost = new Set(missing.map(({ reference }) => reference));
      stack = withoutImages({ stack, missing: lost });
      const roles = new Set(missing.map(({ role }) => role));
      const instead = stack.containers.filter(
        ({ role, image }) => roles.has(role) && !lost.has(image.reference),
      );
      const replaced = new Set([...instead, ...stack.refused].map(({ role }) => role));
      const hopeless = missing.filter(({ role }) => !replaced.has(role));
      if (hopeless.length > 0) giveUp?.(hopeless);
      sayFlavours({ context, before, stack, missing });
      refuseLeftOut({ context, before, stack, missing });
      return requestsFor(instead);
    },
  });
  const leftOut = new Set(stack.refused.map(({ role }) => role));
  return { stack, ready: outcome.ready, missing: outcome.missing.filter(({ role }) => !leftOut.has(role)) };
}

/** arc never runs another program than expected without a warning. */
export function sayFlavours(options: {
  context: Context;
  before: Stack;
  stack: Stack;
  missing: readonly ImageMissing[];
}): void {
  const { context, before, stack, missing } = options;
  const earlier = new Map(before.containers.map(({ role, flavour }) => [role, flavour?.name]));
  for (const { role, flavour, image } of stack.containers) {
    if (flavour === undefined || earlier.get(role) === flavour.name) continue;
    const attempts = missing.find((one) => one.role === role)?.problem.detail;
    const problem = flavourWarning({ role, image: image.reference, flavour, attempts });
    context.emit({ type: 'warning', problem });
  }
}
