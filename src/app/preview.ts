import type { Problem } from '../core/errors.ts';
import { type Address, addressOf } from '../core/resource.ts';
import type { Plan } from '../core/step.ts';
import type { ImageReady, ImageRequest } from '../images/model.ts';
import { type OutdatedImage, sortImages } from '../images/outdated.ts';
import type { BasePolicy } from '../manifest/model.ts';
import type { Force, ImageFound, InsideWishes } from '../platform/docker/compile.ts';
import { findUnreadableData, refuse } from '../platform/docker/data-check.ts';
import type { FromElsewhere } from '../platform/docker/from-elsewhere.ts';
import { observe } from '../platform/docker/observe.ts';
import { planUp } from '../platform/docker/plan-up.ts';
import { dockerReach } from '../platform/docker/reach.ts';
import type { Snapshot } from '../platform/docker/snapshot.ts';
import type { ServerLoss } from '../providers/provider.ts';
import type { BaseKind } from '../stack/base-kind.ts';
import type { BootableStack } from '../stack/model.ts';
import { throwIfAny } from '../stack/problems.ts';
import { type ClosedMount, closedMounts, describeClosed } from '../workspace/mount-rights.ts';
import { asEdited, findLeftRendered, planRuntimeConfig, warnOfEdits } from '../workspace/runtime-config.ts';
import type { PlannedWrite } from '../workspace/write.ts';
import { type Choice, type ChosenStack, chosenStack } from './choice.ts';
import { configProblems } from './config-problems.ts';
import type { Context } from './context.ts';
import { findDependents } from './dependents.ts';
import { imageRequests } from './image-requests.ts';
import { warnOfAdopted } from './left-alone.ts';
import { lookInside } from './look-inside.ts';
import { lossesOf } from './losses.ts';
import { warnOfOrphans } from './orphans.ts';
import { elsewhere, ofStack } from './other-workspace.ts';
import { findUnloaded } from './reload-folders.ts';
import type { ImageOptions } from './request.ts';
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

export type SeenImages = {
  requests: readonly ImageRequest[];
  current: readonly ImageReady[];
  outdated: readonly OutdatedImage[];
  /** Images of a release, by digest: arc pulls them and builds nothing. */
  toPull: readonly { role: string; reference: string }[];
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
  scope?: Scope;
  release?: ReadonlySet<string>;
}): Promise<Preview> {
  const { place, choice, release = new Set() } = options;
  const { workspace, root, manifests, home, set, connection } = place;
  const warnings: Problem[] = [];
  const context: Context = {
    ...options.context,
    emit: (event) => {
      if (event.type === 'warning') warnings.push(event.problem);
    },
  };
  const { engine } = connection;
  const { stack, substitutes } = await chosenStack({ context, place, choice });
  const snapshot = await observe({ engine, project: stack.project, stack });
  const { asMade = new Set<string>(), force } = options.scope?.({ stack, snapshot, manifests }) ?? {};
  const changing = stack.containers.filter(({ role }) => !asMade.has(role));
  const images = await seeImages({
    ...options,
    stack: { containers: changing },
    snapshot,
    release,
  });
  warnOfOrphans({ context, snapshot, manifests });
  warnOfAdopted({ context, stack, snapshot });
  const files = await planRuntimeConfig({ root, stack: { ...stack, containers: changing } });
  // Unchanged files were validated when they were written.
  if (files.some(({ state }) => state !== 'unchanged')) throwIfAny(configProblems(place));
  const left = findLeftRendered({ root, files });
  warnOfEdits({ files, emit: context.emit });
  const edited = asEdited({ stack, files });
  const closed = closedMounts({ root, stack: { containers: changing } });
  const dependents = await findDependents({ context, workspace, set, stack: edited, snapshot });
  const running = runningOf(snapshot);
  // An Engine that is given the files themselves has them from when the container was created.
  const reloading = engine.copiesConfig ? [] : changing;
  const reachNow = dockerReach({ stack, observed: snapshot.containers, engine, connection });
  const [inside, unloaded] = await Promise.all([
    lookInside({ context, stack: edited, running, lose: options.request.lose ?? [], reach: reachNow }),
    findUnloaded({
      ...{ root, running, files, left },
      containers: reloading,
      reach: reachNow,
      signal: context.signal,
    }),
  ]);
  const plan = planUp({
    ...{ stack: edited, snapshot, root, asMade, dependents, inside },
    ...(force === undefined ? {} : { force }),
    images: found({ images, substitutes }),
    files: [
      ...files.map(({ path, state, hasWindowsLineEnds }) => ({
        path,
        state: hasWindowsLineEnds && state !== 'changed' ? ('line-ends' as const) : state,
      })),
      ...left.map((path) => ({ path, state: 'left' as const })),
    ],
    unloaded,
    closed: closed.map((mount) => ({ path: mount.path, cause: describeClosed(mount) })),
  });
  const all = { ...edited, containers: [...edited.containers, ...dependents] };
  const bases = basesToBring({ images, stack });
  const findings = await findUnreadableData({ engine, plan, containers: all.containers, snapshot, bases });
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
      files,
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

async function seeImages(options: {
  place: Place;
  request: ImageOptions;
  stack: Pick<BootableStack, 'containers'>;
  snapshot: Snapshot;
  release: ReadonlySet<string>;
}): Promise<SeenImages> {
  const { place, request, stack, snapshot, release } = options;
  const { root, manifests, imagesLock: lock, connection } = place;
  const { workspace } = manifests;
  const isReleased = ({ image }: BootableStack['containers'][number]): boolean =>
    release.has(image.reference);
  const requests = await imageRequests({
    containers: stack.containers.filter((container) => !isReleased(container)),
    ...{ root, workspace, bases: request.bases, lock },
  });
  const { images: engineImages } = connection;
  const { current, outdated } = await sortImages({ engineImages, mirrors: workspace.mirrors, requests });
  const toPull = stack.containers
    .filter(isReleased)
    .map(({ role, image }) => ({ role, reference: image.reference }))
    .filter(({ reference }) => snapshot.images[reference] === undefined);
  const eachOnce = new Map(toPull.map((image) => [image.reference, image]));
  return { requests, current: [...current.values()], outdated, toPull: [...eachOnce.values()] };
}

/** The facts about each image that the plan needs. */
function found(options: {
  images: SeenImages;
  substitutes: ChosenStack['substitutes'];
}): ReadonlyMap<string, ImageFound> {
  const { images, substitutes } = options;
  return new Map<string, ImageFound>([
    ...images.current.map(({ reference, madeFrom }) => [reference, { madeFrom }] as const),
    ...images.toPull.map(({ reference }) => [reference, { outdated: 'not on this Engine' }] as const),
    ...images.outdated.map(({ request, cause }) => {
      const instead = substitutes.get(request.role);
      const outdated = instead === undefined ? cause : `${cause}; if arc cannot get it, ${instead}`;
      return [request.image.reference, { outdated }] as const;
    }),
  ]);
}

/**
 * The bases of images that are not on the Engine yet, by role, as far as the policy determines them. A released image
 * is based on the upstream.
 */
function basesToBring(options: {
  images: SeenImages;
  stack: BootableStack;
}): ReadonlyMap<string, BaseKind | 'either'> {
  const { images, stack } = options;
  const pulled = new Set(images.toPull.map(({ reference }) => reference));
  return new Map<string, BaseKind | 'either'>([
    ...images.outdated.map(({ request }) => [request.role, kindByPolicy[request.policy]] as const),
    ...stack.containers.flatMap(({ role, image }) =>
      pulled.has(image.reference) ? [[role, 'upstream'] as const] : [],
    ),
  ]);
}

const kindByPolicy: Record<BasePolicy, BaseKind | 'either'> = {
  registry: 'upstream',
  local: 'recipe',
  // Whichever can be had.
  auto: 'either',
};
