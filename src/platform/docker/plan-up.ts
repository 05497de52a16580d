import type { ResolvedContainer, ResolvedStack } from '../../stack/model.ts';
import { hashContainer } from './hash.ts';
import type { OperationAction, Plan } from './operation.ts';
import { type Decision, decide } from './plan-decide.ts';
import { draftPlan, type PlanDraft } from './plan-draft.ts';
import { refuseForeign } from './plan-foreign.ts';
import { followDependencies, type Step } from './plan-steps.ts';
import { planStops } from './plan-stops.ts';
import type { ObservedContainer, Snapshot } from './snapshot.ts';

/** What to do with containers that are already as they should be. */
export type Force = { how: 'recreate' | 'restart'; roles: ReadonlySet<string> };

export type PlanUpOptions = {
  stack: ResolvedStack;
  /** Observed with this stack, so that it has its images. */
  snapshot: Snapshot;
  /** Absolute path of the workspace. */
  root: string;
  force?: Force;
  /** Roles whose containers stay as they were made, whatever is wanted of them now. */
  asMade?: ReadonlySet<string>;
  /**
   * What runs and needs something of the stack without being part of it, in dependency order, as it runs: it is asked
   * again, or restarted, where what it needs is started again, and is left alone otherwise.
   */
  dependents?: readonly ResolvedContainer[];
};

/**
 * What it takes to have every container of the stack running and healthy, and every job done. Containers are made
 * ahead of time; each starts as soon as its own dependencies are healthy. Data volumes are always kept.
 *
 * @throws ArcError `container-name-taken` or `volume-taken` if a name is used by what is not this project's
 */
export function planUp(options: PlanUpOptions): Plan {
  const { stack, snapshot } = options;
  refuseForeign({ stack, snapshot });
  const draft = draftPlan(stack.project);
  const made = planNetworkAndVolumes({ draft, stack, snapshot });
  const steps = followDependencies([
    ...decideAll({ ...options, newVolumes: made.volumesByRole }),
    ...keepDependents(options),
  ]).filter(isPartOf(stack));
  const removed = planReplacements({ draft, steps, snapshot });
  const created = new Map<string, string>();
  const there = new Set(snapshot.volumes.map(({ name }) => name));
  const hasData = ({ volumes }: ResolvedContainer): boolean =>
    volumes.some(({ volume }) => there.has(volume));
  for (const { container, hash, decision } of steps) {
    if (decision.kind !== 'create' && decision.kind !== 'recreate') continue;
    const volumes = container.volumes.map(({ volume }) => made.volumes.get(volume));
    const id = draft.add(
      {
        kind: 'create-container',
        container,
        hash,
        network: stack.network,
        booted: stack.containers
          .filter(({ service }) => service === container.service)
          .map(({ role }) => role),
        hasData: hasData(container),
        ...(snapshot.selinux ? { selinux: true } : {}),
      },
      {
        cause: decision.cause,
        after: [
          made.network,
          ...volumes,
          removed.byName.get(container.name),
          removed.byRole.get(container.role),
        ],
      },
    );
    created.set(container.role, id);
  }
  planStarts({ draft, steps, ready: (role) => created.get(role) ?? removed.byRole.get(role) });
  return draft.finish();
}

/** Restarts what is running of `roles`, and brings up whatever of the stack is not running. */
export function planRestart(options: Omit<PlanUpOptions, 'force'> & { roles: ReadonlySet<string> }): Plan {
  const { roles, ...rest } = options;
  return planUp({ ...rest, force: { how: 'restart', roles } });
}

/** Whether a container is of the stack, or a dependent of it for which something follows from the plan. */
function isPartOf(stack: ResolvedStack): (step: Step) => boolean {
  const roles = new Set(stack.containers.map(({ role }) => role));
  return ({ container, decision, again }) =>
    roles.has(container.role) || decision.kind !== 'keep' || again !== undefined;
}

function keepDependents(options: PlanUpOptions): readonly Omit<Step, 'holds'>[] {
  const { dependents = [], snapshot, stack, root } = options;
  const find = existingContainers({ stack: { ...stack, containers: dependents }, snapshot });
  return dependents.flatMap((container) => {
    const existing = find(container);
    if (existing === undefined) return [];
    const hash = hashContainer({
      container,
      imageId: existing.imageId,
      network: stack.network,
      root,
      selinux: snapshot.selinux,
    });
    const decision: Decision =
      container.kind === 'job' ? { kind: 'skip' } : { kind: 'keep', cause: existing.state, existing };
    return [{ container, hash, decision }];
  });
}

function planNetworkAndVolumes(options: { draft: PlanDraft; stack: ResolvedStack; snapshot: Snapshot }): {
  network: string | undefined;
  volumes: ReadonlyMap<string, string>;
  volumesByRole: ReadonlyMap<string, string>;
} {
  const { draft, stack, snapshot } = options;
  const network = snapshot.networks.some(({ name }) => name === stack.network)
    ? undefined
    : draft.add({ kind: 'create-network', network: stack.network }, { cause: 'no existing network' });
  const existing = new Set(snapshot.volumes.map(({ name }) => name));
  const volumes = new Map<string, string>();
  const volumesByRole = new Map<string, string>();
  for (const { name, role } of stack.volumes) {
    if (existing.has(name)) continue;
    const id = draft.add({ kind: 'create-volume', volume: name, role }, { cause: 'no existing volume' });
    volumes.set(name, id);
    volumesByRole.set(role, name);
  }
  return { network, volumes, volumesByRole };
}

function decideAll(
  options: PlanUpOptions & { newVolumes: ReadonlyMap<string, string> },
): readonly Omit<Step, 'holds'>[] {
  const { stack, snapshot, root, force, asMade, newVolumes } = options;
  const find = existingContainers({ stack, snapshot });
  return stack.containers.map((container) => {
    const imageId = snapshot.images[container.image.reference];
    const hash = hashContainer({
      container,
      imageId,
      network: stack.network,
      root,
      selinux: snapshot.selinux,
    });
    const newVolume = container.dependsOn.map(({ role }) => newVolumes.get(role)).find(Boolean);
    const decision = decide({
      container,
      existing: find(container),
      hash,
      network: stack.network,
      asMade: asMade?.has(container.role) === true,
      ...(force?.roles.has(container.role) ? { force: force.how } : {}),
      ...(newVolume === undefined ? {} : { newVolume }),
    });
    return { container, hash, decision };
  });
}

/** Finds a container by its role, for its name may have changed, or else by its name, for its role may have. */
function existingContainers(options: {
  stack: ResolvedStack;
  snapshot: Snapshot;
}): (container: ResolvedContainer) => ObservedContainer | undefined {
  const { stack, snapshot } = options;
  const roles = new Set<string | undefined>(stack.containers.map(({ role }) => role));
  const ours = snapshot.containers.filter(({ project }) => project === snapshot.project);
  const byRole = new Map(ours.map((container) => [container.role, container]));
  const byName = new Map(
    ours.filter(({ role }) => !roles.has(role)).map((container) => [container.name, container]),
  );
  return ({ role, name }) => byRole.get(role) ?? byName.get(name);
}

/**
 * Stops what is to be made anew or restarted, and removes what is to be made anew.
 * @returns the last operation on each old container, by its role in the stack and by the name that it frees
 */
function planReplacements(options: { draft: PlanDraft; steps: readonly Step[]; snapshot: Snapshot }): {
  byRole: ReadonlyMap<string, string>;
  byName: ReadonlyMap<string, string>;
} {
  const { draft, steps, snapshot } = options;
  const replaced = steps.flatMap(({ container, decision }) =>
    decision.kind === 'recreate' || decision.kind === 'restart'
      ? [{ role: container.role, ...decision }]
      : [],
  );
  const stopped = planStops({
    draft,
    containers: replaced.map(({ existing, cause }) => ({ existing, cause })),
    present: snapshot.containers.filter(({ project }) => project === snapshot.project),
  });
  const byRole = new Map<string, string>();
  const byName = new Map<string, string>();
  for (const { role, kind, cause, existing } of replaced) {
    const stop = stopped.get(existing.id);
    if (kind === 'restart') {
      if (stop !== undefined) byRole.set(role, stop);
      continue;
    }
    const action = { kind: 'remove-container', role, name: existing.name, containerId: existing.id } as const;
    const removal = draft.add(action, { cause, after: [stop] });
    byRole.set(role, removal);
    byName.set(existing.name, removal);
  }
  return { byRole, byName };
}

/** Starts each container once its dependencies are ready, and waits for it. */
function planStarts(options: {
  draft: PlanDraft;
  steps: readonly Step[];
  /** The operation after which a container can be started. */
  ready: (role: string) => string | undefined;
}): void {
  const { draft, steps, ready } = options;
  const awaited = new Map<string, readonly string[]>();
  for (const { container, decision, holds, again } of steps) {
    const { role, name } = container;
    const dependencies = container.dependsOn.flatMap((dependency) => awaited.get(dependency.role) ?? []);
    if (decision.kind === 'skip') {
      // What needs a job that has done its work needs what the job needed.
      awaited.set(role, dependencies);
      continue;
    }
    const cause = again ?? decision.cause;
    const begun = begin({ draft, decision, role, name, after: [ready(role), ...dependencies] });
    const wait: OperationAction =
      container.kind === 'job'
        ? { kind: 'await-completed', container }
        : { kind: 'await-healthy', container, holds, again: again !== undefined };
    awaited.set(role, [draft.add(wait, { cause, after: begun ? [begun] : dependencies })]);
  }
}

function begin(options: {
  draft: PlanDraft;
  decision: Exclude<Decision, { kind: 'skip' }>;
  role: string;
  name: string;
  after: readonly (string | undefined)[];
}): string | undefined {
  const { draft, decision, role, name, after } = options;
  const { cause } = decision;
  switch (decision.kind) {
    case 'keep':
      return undefined;
    case 'unpause': {
      const action = { kind: 'unpause-container', role, name, containerId: decision.existing.id } as const;
      return draft.add(action, { cause, after });
    }
    case 'create':
    case 'recreate':
    case 'restart':
    case 'start':
      return draft.add({ kind: 'start-container', role, name }, { cause, after });
    default:
      return decision satisfies never;
  }
}
