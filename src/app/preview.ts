import type { Problem } from '../core/errors.ts';
import { type Address, addressOf } from '../core/resource.ts';
import type { Plan } from '../core/step.ts';
import type { Force, InsideWishes } from '../platform/docker/compile.ts';
import { findUnreadableData, refuse } from '../platform/docker/data-check.ts';
import type { EngineContainer } from '../platform/docker/engine.ts';
import type { FromElsewhere } from '../platform/docker/from-elsewhere.ts';
import { planUp } from '../platform/docker/plan-up.ts';
import { dockerReach } from '../platform/docker/reach.ts';
import type { Snapshot } from '../platform/docker/snapshot.ts';
import type { ServerLoss } from '../providers/provider.ts';
import type { BootableStack } from '../stack/model.ts';
import { throwIfAny } from '../stack/problems.ts';
import { type ClosedMount, closedMounts, describeClosed } from '../workspace/mount-rights.ts';
import { asEdited, findLeftRendered, planRuntimeConfig, warnOfEdits } from '../workspace/runtime-config.ts';
import type { PlannedWrite } from '../workspace/write.ts';
import { type Choice, type ChosenStack, chosenStack } from './choice.ts';
import type { Context } from './context.ts';
import { findDependents } from './dependents.ts';
import { findFollowers, together } from './followers.ts';
import { loadClients } from './inside-kinds.ts';
import { warnOfAdopted } from './left-alone.ts';
import { look } from './look.ts';
import { lookInside } from './look-inside.ts';
import { lossesOf } from './losses.ts';
import { warnOfOrphans } from './orphans.ts';
import { elsewhere, ofStack } from './other-workspace.ts';
import { findUnloaded } from './reload-folders.ts';
import type { ImageOptions } from './request.ts';
import { basesToBring, imagesFound, type SeenImages, seeImages } from './seen-images.ts';
import type { Place } from './session.ts';

/** Which containers stay as they were made, and what is done to those that are right already. */
export type Scope = (given: { stack: BootableStack; snapshot: Snapshot; manifests: Place['manifests'] }) => {
  asMade?: ReadonlySet<string>;
  force?: Force;
};

/** What a boot would do, and everything needed to do it. */
export type Preview = {
  plan: Plan;
  /** The stack to boot, with config files as a person edited them. */
  stack: BootableStack;
  /** The same, and what runs beside it and needs something of it. */
  all: BootableStack;
  substitutes: ChosenStack['substitutes'];
  snapshot: Snapshot;
  files: readonly PlannedWrite[];
  closed: readonly ClosedMount[];
  images: SeenImages;
  /** The wanted resources inside servers, and those that were seen there. */
  inside: InsideWishes;
  /** Objects that another workspace created. */
  objects: readonly FromElsewhere[];
  warnings: readonly Problem[];
  /** What the plan loses, and how to end live sessions properly. */
  losses: readonly ServerLoss[];
  endLive: () => Promise<void>;
  /** What carrying out the plan now would lose. */
  ask: () => Promise<readonly ServerLoss[]>;
};

/**
 * The only planner for commands that boot: `arc plan` prints its plan, and `arc up` carries it out. Observes everything
 * once, and changes nothing.
 *
 * @param options.choice what is known by now of images that cannot be had
 * @param options.release references of images that are pulled by digest, and not built
 * @throws ArcError for all that is in the way: config files that their programs refuse, names and data of others, data
 *   that a program cannot read
 */
export async function preview(options: {
  context: Context;
  place: Place;
  request: ImageOptions;
  choice: Choice;
  /** What the Engine had a moment ago, where somebody had to ask already. */
  containers?: readonly EngineContainer[];
  scope?: Scope;
  release?: ReadonlySet<string>;
}): Promise<Preview> {
  const { choice, containers, release = new Set() } = options;
  const { workspace, root, manifests, home, set } = options.place;
  const warnings: Problem[] = [];
  const context: Context = {
    ...options.context,
    emit: (event) => {
      if (event.type === 'warning') warnings.push(event.problem);
    },
  };
  const { connection } = options.place;
  const { engine } = connection;
  const bases = { workspace: manifests.workspace, lock: options.place.imagesLock };
  const up = (containers ?? []).filter(({ state }) => state === 'running').map(({ name }) => name);
  const [seen] = await Promise.all([
    look({ connection, stack: options.place.stack, bases, ...(containers && { containers }) }),
    loadClients({ stack: options.place.stack, running: new Set(up) }),
  ]);
  const place: Place = { ...options.place, connection: { ...connection, images: seen.images } };
  const { stack, substitutes } = await chosenStack({ context, place, request: options.request, choice });
  const snapshot = await seen.snapshotFor(stack);
  const { asMade = new Set<string>(), force } = options.scope?.({ stack, snapshot, manifests }) ?? {};
  const changing = stack.containers.filter(({ role }) => !asMade.has(role));
  const images = await seeImages({
    ...options,
    place,
    stack: { containers: changing },
    snapshot,
    release,
  });
  warnOfOrphans({ context, snapshot, manifests });
  warnOfAdopted({ context, stack, snapshot });
  const files = await planRuntimeConfig({ root, stack: { ...stack, containers: changing } });
  // Unchanged files were validated when they were written.
  if (files.some(({ state }) => state !== 'unchanged')) {
    const { configProblems } = await import('./config-problems.ts');
    const { checkExpressions } = await import('../manifest/promql/check.ts');
    throwIfAny([...configProblems(place), ...checkExpressions(manifests)]);
  }
  const left = findLeftRendered({ root, files });
  warnOfEdits({ files, emit: context.emit });
  const edited = asEdited({ stack, files });
  const closed = closedMounts({ root, stack: { containers: changing } });
  const beside = { context, workspace, set, root, stack: edited, snapshot };
  // An Engine that is given the files themselves has them from when the container was created.
  const followers = engine.copiesConfig ? [] : await findFollowers(beside);
  const dependents = together({ dependents: await findDependents(beside), followers });
  const followed = await planRuntimeConfig({ root, stack: { ...stack, containers: followers } });
  const written = [...files, ...followed];
  const running = runningOf(snapshot);
  const reloading = engine.copiesConfig ? [] : [...changing, ...followers];
  const reachNow = dockerReach({
    ...{ engine, connection, observed: snapshot.containers },
    stack: { ...stack, containers: [...stack.containers, ...followers] },
  });
  const [inside, unloaded] = await Promise.all([
    lookInside({ context, stack: edited, running, lose: options.request.lose ?? [], reach: reachNow }),
    findUnloaded({
      ...{ root, running, left },
      files: written,
      containers: reloading,
      reach: reachNow,
      signal: context.signal,
    }),
  ]);
  const plan = planUp({
    ...{ stack: edited, snapshot, root, asMade, inside },
    dependents,
    ...(force === undefined ? {} : { force }),
    images: imagesFound({ images, substitutes }),
    files: [
      ...written.map(({ path, state, hasWindowsLineEnds }) => ({
        path,
        state: hasWindowsLineEnds && state !== 'changed' ? ('line-ends' as const) : state,
      })),
      ...left.map((path) => ({ path, state: 'left' as const })),
    ],
    // Not where only another container is restarted: nothing that gets them is written then.
    certificates: files.some(({ state }) => state !== 'unchanged') ? stack.keep : [],
    unloaded,
    closed: closed.map((mount) => ({ path: mount.path, cause: describeClosed(mount) })),
  });
  const all = { ...edited, containers: [...edited.containers, ...dependents] };
  const findings = await findUnreadableData({
    ...{ engine, plan, containers: all.containers, snapshot },
    bases: basesToBring({ images, stack }),
  });
  warnings.push(...refuse(findings));
  const objects = ofStack({ stack: { containers: changing }, objects: elsewhere({ snapshot, home }) });
  const reach = dockerReach({ engine, connection, stack: all, observed: snapshot.containers });
  const happening = { context, plan, stack: all, reach };
  const { plan: shown, losses, endLive } = await lossesOf(happening);
  return {
    ...{
      plan: shown,
      stack: edited,
      all,
      substitutes,
      snapshot,
      files: written,
      closed,
      images,
      objects,
      warnings,
      inside,
    },
    ...{ losses, endLive, ask: async () => (await lossesOf(happening)).losses },
  };
}

function runningOf(snapshot: Snapshot): ReadonlySet<Address> {
  const running = snapshot.containers.filter(({ state }) => state === 'running');
  return new Set(running.map(({ name }) => addressOf('container', name)));
}
