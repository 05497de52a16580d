import { describe } from '../core/print-plan.ts';
import { kindOf, nameOf } from '../core/resource.ts';
import type { Plan } from '../core/step.ts';
import { isEmpty } from '../core/step.ts';
import type { EngineImages } from '../platform/docker/engine-images.ts';
import { guardEngine } from '../platform/docker/lock/guard.ts';
import { type NotMadeByArc, notMadeByArc } from '../platform/docker/not-made-by-arc.ts';
import { observe } from '../platform/docker/observe.ts';
import { dockerReach } from '../platform/docker/reach.ts';
import type { Snapshot } from '../platform/docker/snapshot.ts';
import type { Platform } from '../platform/platform.ts';
import type { ResolvedStack } from '../stack/model.ts';
import { readHome } from '../workspace/identity.ts';
import { carryOut } from './carry-out.ts';
import { chosenRoles } from './chosen-roles.ts';
import type { Context } from './context.ts';
import { lockOn } from './lock-on.ts';
import { consentToTakeOver, elsewhere } from './other-workspace.ts';
import type { SelectionOptions } from './request.ts';
import { openDescribed, openRunning, withEngine } from './session.ts';

/** Longer than the grace periods of a chain of containers that all have to be killed. */
const deadlineMilliseconds = 300_000;

/**
 * What `down`, `clean` and `nuke` have in common: look at what is there, plan what goes, ask where it is data, do it.
 *
 * @param options.byLabels also where the manifests cannot be used: what is removed comes back with the next boot
 * @param options.plan `roles` is what was named; absent means everything. `leftOut` is among `--without`
 * @param options.images more images than those that the manifests name, and what builds have left
 * @param options.does to what another workspace has made, for who is asked whether that is meant
 * @param options.takeOver consent to that
 * @param options.consent called with a plan that does something; throws where a person says no
 * @returns the plan, empty where there was nothing to do, and what it leaves because arc did not make it
 */
export async function tearDown(options: {
  cli: Context;
  request: SelectionOptions;
  command: string;
  byLabels?: true;
  plan: (given: {
    snapshot: Snapshot;
    roles?: ReadonlySet<string>;
    leftOut: ReadonlySet<string>;
    stack: ResolvedStack;
  }) => Plan;
  images?: (given: {
    engineImages: EngineImages;
    stack: ResolvedStack;
    snapshot: Snapshot;
  }) => Promise<Pick<Snapshot, 'images' | 'leftovers'>>;
  does: string;
  takeOver: boolean;
  consent?: (given: { plan: Plan; stack: ResolvedStack; reach: Platform['reach'] }) => Promise<void>;
}): Promise<{ plan: Plan; stack: ResolvedStack; left: readonly NotMadeByArc[] }> {
  const { cli } = options;
  // Whatever arc.yaml says now: each container may have been made in any of its flavours.
  const request = { ...options.request, flavour: ['auto'] };
  const open = options.byLabels === true ? openRunning : openDescribed;
  const { root, manifests, stack } = await open({ cli, request });
  const home = readHome({ root });
  return withEngine({
    cli,
    use: async (unguarded, connection) => {
      const { command } = options;
      await using lock = await lockOn({ cli, connection, project: stack.project, command });
      const engine = guardEngine({ engine: unguarded, lock });
      const observed = await observe({ engine, project: stack.project, stack });
      const more = await options.images?.({
        engineImages: connection.images,
        stack,
        snapshot: observed,
      });
      const snapshot = { ...observed, ...more, images: { ...observed.images, ...more?.images } };
      const { selection, without } = request;
      const roles = chosenRoles({ manifests, snapshot, selection, without });
      const leftOut = chosenRoles({ manifests, snapshot, selection: without, without: [] }) ?? new Set();
      const plan = options.plan({ snapshot, leftOut, stack, ...(roles === undefined ? {} : { roles }) });
      const left = notMadeByArc({ stack, snapshot, ...(roles === undefined ? {} : { roles }) });
      if (isEmpty(plan)) return { plan, stack, left };
      const removed = removedNames(plan);
      const objects = elsewhere({ snapshot, home }).filter(({ kind, name }) =>
        removed.has(`${kind} ${name}`),
      );
      await consentToTakeOver({ ...options, objects, home, given: options.takeOver });
      const reach = dockerReach({ engine, connection, stack, observed: snapshot.containers });
      await options.consent?.({ plan, stack, reach });
      await carryOut({
        ...{ context: cli, engine, connection, snapshot, plan, root, owner: home, stack },
        milliseconds: deadlineMilliseconds,
      });
      return { plan, stack, left };
    },
  });
}

function removedNames(plan: Plan): ReadonlySet<string> {
  const removals = plan.steps.filter(({ verb }) => verb === 'remove');
  // Who made what is told of containers, whatever they are for.
  return new Set(removals.map((step) => describe(step).replace(/^job /, 'container ')));
}

/** Names of what a plan removes, for people: a container by its name alone. */
export function removedObjects(plan: Plan): string[] {
  return plan.steps.flatMap(({ verb, on }) => {
    if (verb !== 'remove') return [];
    const kind = kindOf(on);
    return kind === 'container' || kind === 'job' ? [nameOf(on)] : [`${kind} ${nameOf(on)}`];
  });
}
