import type { Problem } from '../core/errors.ts';
import { printPlan } from '../core/print-plan.ts';
import { isEmpty, type Plan } from '../core/step.ts';
import type { ImageMissing, ImageReady } from '../images/model.ts';
import type { Execution } from '../platform/docker/execute.ts';
import { guardEngine } from '../platform/docker/lock/guard.ts';
import type { ServerLoss } from '../providers/provider.ts';
import type { BootableStack } from '../stack/model.ts';
import { version } from '../version.ts';
import { claimHome } from '../workspace/identity.ts';
import { type BootSite, onBootSite } from './boot-site.ts';
import { type BootTrace, type SentTrace, watchBoot } from './boot-trace/boot-trace.ts';
import { spansWay } from './boot-trace/way.ts';
import { bringImages, type ImageBringer } from './bring-images.ts';
import { carryOut } from './carry-out.ts';
import { type Choice, everything, withoutMissing } from './choice.ts';
import { consentToLoss } from './consent-to-loss.ts';
import type { Context } from './context.ts';
import { consentToTakeOver } from './other-workspace.ts';
import { type Preview, preview, type Scope } from './preview.ts';
import type { BootOptions } from './request.ts';
import { tell } from './tell.ts';
import { fileSource } from './write-files.ts';

export type Booted = {
  stack: BootableStack;
  plan: Plan;
  execution: Execution;
  images: readonly ImageReady[];
  missing: readonly ImageMissing[];
  /** Live sessions and data that were lost with consent. */
  losses: readonly ServerLoss[];
  /** The boot as a trace; absent where nothing was changed, or nothing runs that takes traces. */
  trace?: SentTrace;
};

/** A boot as it was asked for. */
export type BootRequest = {
  context: Context;
  request: BootOptions;
  command: string;
  scope?: Scope;
  /** Shows the plan that a person is asked about. */
  show: (plan: Plan) => void;
};

/**
 * The steps that `up` and `restart` share: manifests → stack → prerequisites → preview → consent → apply. If arc
 * replaces an image that it cannot get, it plans again and shows the new plan.
 */
export async function boot(options: BootRequest): Promise<Booted> {
  const { command, request } = options;
  const trace = watchBoot({
    ...{ context: options.context, name: `arc ${command}` },
    attributes: { 'arc.selection': request.selection.join(' '), 'arc.version': version },
  });
  const { context } = trace;
  let sent: SentTrace | undefined;
  const booted = await onBootSite({
    ...{ ...options, context },
    use: (site) => bootOn({ ...options, context, site, trace }),
    afterwards: async (failure) => {
      sent = await trace.send(failure);
    },
  });
  return { ...booted, ...(sent && { trace: sent }) };
}

async function bootOn(options: BootRequest & { site: BootSite; trace: BootTrace }): Promise<Booted> {
  const { context, request, trace } = options;
  const told = new Set<string>();
  let { site } = options;
  let containers: BootSite['containers'] | undefined = site.containers;
  let choice: Choice = everything;
  for (;;) {
    const seen = await preview({ ...options, place: site, choice, ...(containers && { containers }) });
    // The images may have changed by the next step.
    containers = undefined;
    tell({ context, seen, told });
    if (choice === everything) site = { ...site, home: await takeHome({ ...options, site, seen }) };
    else context.emit({ type: 'warning', problem: planChanged(seen.plan) });
    const consent = await consentToLoss({ ...options, ...seen, answer: request });
    // People may have left while arc waited, so there may be less to do.
    if (consent === 'drained' && !context.signal.aborted) continue;
    const images = bringImages({ context, place: site, request, seen });
    try {
      const way = isEmpty(seen.plan) ? undefined : spansWay({ site, seen });
      if (way !== undefined) trace.through(way);
      const execution = await apply({ context, site, seen, images, beforeChange: seen.endLive });
      const { plan, stack, losses } = seen;
      return { stack, plan, execution, images: images.ready(), missing: choice.without, losses };
    } catch (error) {
      if (images.missing.length === 0 || context.signal.aborted) throw error;
      const partial = request.partial === true;
      choice = withoutMissing({ choice, missing: images.missing, substitutes: seen.substitutes, partial });
    }
  }
}

/** arc does only what it has shown, so a changed plan is shown too. */
function planChanged(plan: Plan): Problem {
  return {
    code: 'plan-changed',
    message: 'arc could not get every image, so it made the plan again.',
    detail: printPlan(plan).split('\n'),
  };
}

/**
 * Asks before a boot replaces what another workspace created, or writes to its data, and records which workspace this
 * is.
 */
export async function takeHome(options: {
  context: Context;
  site: BootSite;
  request: Pick<BootOptions, 'takeOver'>;
  command: string;
  seen: Pick<Preview, 'objects'>;
}): Promise<BootSite['home']> {
  const { context, site, request, command } = options;
  const { root, home } = site;
  const { objects } = options.seen;
  await consentToTakeOver({
    context,
    ...{ objects, home, command },
    does: 'replaces those containers with the files and secrets of this folder, and writes to their data',
    given: request.takeOver === true,
  });
  const takeOver = objects.filter(({ kind }) => kind === 'volume').map(({ owner }) => owner);
  return claimHome({ root, home, takeOver });
}

/**
 * Does what a preview says, until everything is healthy.
 *
 * @param options.beforeChange called once every image is there, before anything else is changed
 */
export async function apply(options: {
  context: Context;
  site: BootSite;
  seen: Preview;
  images: ImageBringer;
  beforeChange?: () => Promise<void>;
}): Promise<Execution> {
  const { context, site, seen, images, beforeChange } = options;
  const { root, home, connection, lock, milliseconds } = site;
  const { plan, all, snapshot } = seen;
  const engine = guardEngine({ engine: connection.engine, lock });
  return carryOut({
    context,
    engine,
    connection,
    ...{ snapshot, plan, root, owner: home, stack: all, milliseconds, images, goes: seen.inside.unwanted },
    ...(beforeChange && { beforeChange }),
    files: fileSource({ context, root, stack: all, files: seen.files }),
  });
}
