import { describe } from '../core/print-plan.ts';
import { kindOf, nameOf } from '../core/resource.ts';
import type { Plan } from '../core/step.ts';
import { isEmpty } from '../core/step.ts';
import { anyFlavour } from '../manifest/flavours.ts';
import type { Manifests } from '../manifest/model.ts';
import type { EngineConnection } from '../platform/docker/connection.ts';
import type { Engine } from '../platform/docker/engine.ts';
import type { EngineImages } from '../platform/docker/engine-images.ts';
import { guardEngine } from '../platform/docker/lock/guard.ts';
import { type NotMadeByArc, notMadeByArc } from '../platform/docker/not-made-by-arc.ts';
import { observe } from '../platform/docker/observe.ts';
import { dockerReach } from '../platform/docker/reach.ts';
import type { Snapshot } from '../platform/docker/snapshot.ts';
import type { ServerLoss } from '../providers/provider.ts';
import type { Stack } from '../stack/model.ts';
import { readHome } from '../workspace/identity.ts';
import { beginConnection, meanwhile } from './begin-connection.ts';
import { carryOut } from './carry-out.ts';
import { chosenRoles } from './chosen-roles.ts';
import type { Context } from './context.ts';
import { asItRuns } from './images-in-use.ts';
import { lockOn } from './lock-on.ts';
import { lossesOf } from './losses.ts';
import { consentToTakeOver, elsewhere } from './other-workspace.ts';
import type { SelectionOptions } from './request.ts';
import { openRunning, openStack, withEngine } from './session.ts';
import { tellFollowers } from './tell-followers.ts';

/** Longer than the grace periods of a chain of containers that all have to be killed. */
const deadlineMilliseconds = 300_000;

/** What a teardown does, or would do, to the stack. */
export type TornDown = {
  /** Empty if there is nothing to do. */
  plan: Plan;
  stack: Stack;
  /** Objects that the plan keeps because arc did not create them. */
  left: readonly NotMadeByArc[];
  /** What it loses, according to the running systems. Steps that did not run lose nothing. */
  lost: readonly ServerLoss[];
};

/** A plan with its losses that a person may have to agree to. */
export type Doomed = {
  plan: Plan;
  losses: readonly ServerLoss[];
  stack: Stack;
  /** What carrying out the plan now would lose. */
  ask: () => Promise<readonly ServerLoss[]>;
};

export type TearDownRequest = SelectionOptions & { takeOver?: boolean; dryRun?: boolean };

/**
 * The steps that `down`, `clean` and `nuke` share: observe, plan removals and losses, ask, carry out. `dryRun` makes
 * the same plan without the lock and stops there.
 *
 * @param options.byLabels also where the manifests cannot be used: what is removed comes back with the next boot
 * @param options.plan `roles` is what was named; absent means everything. `leftOut` is among `--without`
 * @param options.images more images than those that the manifests name, and what builds have left
 * @param options.does to what another workspace has made, for who is asked whether that is meant
 * @param options.consent called with a plan that does something; `drained` where what was live has been waited for
 * @throws ArcError `needs-consent`, `declined`, those of the consent, and of each step
 */
export async function tearDown(options: {
  context: Context;
  request: TearDownRequest;
  command: string;
  byLabels?: true;
  plan: (given: {
    snapshot: Snapshot;
    roles?: ReadonlySet<string>;
    leftOut: ReadonlySet<string>;
    stack: Stack;
  }) => Plan;
  images?: (given: {
    engineImages: EngineImages;
    stack: Stack;
    snapshot: Snapshot;
  }) => Promise<Pick<Snapshot, 'images' | 'leftovers'>>;
  does: string;
  consent: (doomed: Doomed) => Promise<'agreed' | 'drained'>;
}): Promise<TornDown> {
  const { context, command } = options;
  // Every flavour counts, whatever arc.yaml says now: a container may have been created in any of them.
  const request = { ...options.request, flavour: [anyFlavour] };
  const opening = { context, request, withoutFiles: true };
  const begun = beginConnection(context);
  const opened = await meanwhile(begun, () =>
    options.byLabels ? openRunning(opening) : openStack({ ...opening, of: 'everything' }),
  );
  const { root, manifests, stack } = opened;
  const home = readHome({ root });
  return withEngine({
    ...{ context, begun },
    use: async (unguarded, connection) => {
      if (request.dryRun === true) {
        const { plan, left } = await foresee({ ...options, engine: unguarded, connection, manifests, stack });
        return { plan, stack, left, lost: [] };
      }
      await using lock = await lockOn({ context, connection, project: stack.project, command });
      const engine = guardEngine({ engine: unguarded, lock });
      const seen = await foresee({ ...options, engine, connection, manifests, stack });
      const { plan, left, snapshot, running, losses, endLive, ask } = seen;
      if (isEmpty(plan)) return { plan, stack, left, lost: [] };
      const removed = removedNames(plan);
      const objects = elsewhere({ snapshot, home }).filter(({ kind, name }) =>
        removed.has(`${kind} ${name}`),
      );
      const { does } = options;
      const given = request.takeOver === true;
      await consentToTakeOver({ context, command, does, objects, home, given });
      // Sessions that have ended while arc waited are not lost.
      const agreed = (await options.consent({ plan, losses, stack, ask })) === 'agreed';
      if (agreed) await endLive();
      await carryOut({
        ...{ context, engine, connection, snapshot, plan, root, owner: home, stack: running },
        milliseconds: deadlineMilliseconds,
      });
      if (opened.manifests !== undefined)
        await tellFollowers({
          ...{
            context,
            workspace: opened.workspace,
            set: request.set,
            engine,
            connection,
            root,
            owner: home,
          },
          stack: running,
          snapshot: withoutContainers(snapshot, removed),
        });
      return { plan, stack, left, lost: agreed ? losses : [] };
    },
  });
}

/** Looks once at everything and makes the plan, each loss at the step that causes it. Changes nothing. */
async function foresee(
  options: Pick<Parameters<typeof tearDown>[0], 'context' | 'request' | 'plan' | 'images'> & {
    engine: Engine;
    connection: EngineConnection;
    manifests: Manifests | undefined;
    stack: Stack;
  },
) {
  const { context, request, engine, connection, manifests, stack } = options;
  const observed = await observe({ engine, project: stack.project, stack });
  const more = await options.images?.({ engineImages: connection.images, stack, snapshot: observed });
  const snapshot = { ...observed, ...more, images: { ...observed.images, ...more?.images } };
  const { selection, without } = request;
  const roles = chosenRoles({ manifests, snapshot, selection, without });
  const named = roles === undefined ? {} : { roles };
  const leftOut = chosenRoles({ manifests, snapshot, selection: without, without: [] }) ?? new Set();
  const plan = options.plan({ snapshot, leftOut, stack, ...named });
  const left = notMadeByArc({ stack, snapshot, ...named });
  const running = asItRuns({ stack, snapshot });
  const reach = dockerReach({ engine, connection, stack: running, observed: snapshot.containers });
  const happening = { context, plan, stack: running, reach };
  const ask = async () => (await lossesOf(happening)).losses;
  return { left, snapshot, running, ask, ...(await lossesOf(happening)) };
}

function removedNames(plan: Plan): ReadonlySet<string> {
  const removals = plan.steps.filter(({ verb }) => verb === 'remove');
  // Describes who created containers of any kind.
  return new Set(removals.map((step) => describe(step).replace(/^job /, 'container ')));
}

/** What is there once the containers of these descriptions are gone. */
function withoutContainers(snapshot: Snapshot, removed: ReadonlySet<string>): Snapshot {
  const containers = snapshot.containers.filter(({ name }) => !removed.has(`container ${name}`));
  return { ...snapshot, containers };
}

/** Names of the objects that a plan removes, for people: a container by its bare name. */
export function removedObjects(plan: Plan): string[] {
  return plan.steps.flatMap(({ verb, on }) => {
    if (verb !== 'remove') return [];
    const kind = kindOf(on);
    return kind === 'container' || kind === 'job' ? [nameOf(on)] : [`${kind} ${nameOf(on)}`];
  });
}
