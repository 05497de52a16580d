import type { Plan } from './operation.ts';
import { lastRun } from './plan-decide.ts';
import { draftPlan, type PlanDraft } from './plan-draft.ts';
import { planStops } from './plan-stops.ts';
import type { ObservedContainer, Snapshot } from './snapshot.ts';

/**
 * Stops and removes containers, dependents first. Volumes, network and images stay. It needs no manifests: what a
 * container depends on is on its labels.
 *
 * @param options.roles only these; everything of the project without it
 */
export function planDown(options: { snapshot: Snapshot; roles?: ReadonlySet<string> }): Plan {
  const draft = draftPlan(options.snapshot.project);
  planRemovals({ draft, ...options });
  return draft.finish();
}

/** As {@link planDown}, and removes the volumes of those containers with their data. */
export function planClean(options: { snapshot: Snapshot; roles?: ReadonlySet<string> }): Plan {
  const draft = draftPlan(options.snapshot.project);
  planVolumeRemovals({ draft, ...options, removals: planRemovals({ draft, ...options }) });
  return draft.finish();
}

/**
 * Removes everything of the project: containers, volumes, its network if arc made it, and the images that the
 * snapshot knows (observe it with the stack of everything), those that builds have left first: an Engine with
 * containerd's store removes what a named image was made from even where another image needs it.
 */
export function planNuke(options: { snapshot: Snapshot }): Plan {
  const { snapshot } = options;
  const draft = draftPlan(snapshot.project);
  const removals = planRemovals({ draft, snapshot });
  planVolumeRemovals({ draft, snapshot, removals });
  const after = removals.map(({ id }) => id);
  for (const { name, project } of snapshot.networks) {
    if (project !== snapshot.project) continue;
    draft.add({ kind: 'remove-network', network: name }, { cause: 'made by arc', after });
  }
  // One after the other: the Engine fails where two names of one image, or two images that have the steps of their
  // build in common, are removed at once.
  let last: string | undefined;
  for (const { id: imageId, wrapper } of snapshot.leftovers ?? []) {
    const waits = [...after, last];
    last = draft.add(
      { kind: 'remove-unnamed-image', imageId },
      { cause: `left by a build of ${wrapper}`, after: waits },
    );
  }
  for (const reference of Object.keys(snapshot.images).sort()) {
    const waits = [...after, last];
    last = draft.add({ kind: 'remove-image', reference }, { cause: 'image of the project', after: waits });
  }
  return draft.finish();
}

type Removal = { role: string | undefined; id: string };

function planRemovals(options: {
  draft: PlanDraft;
  snapshot: Snapshot;
  roles?: ReadonlySet<string>;
}): readonly Removal[] {
  const { draft, snapshot, roles } = options;
  const chosen = snapshot.containers.filter((container) => isChosen(container, snapshot.project, roles));
  const stops = planStops({
    draft,
    containers: chosen.map((existing) => ({ existing, cause: lastRun(existing) })),
    present: snapshot.containers.filter(({ project }) => project === snapshot.project),
  });
  return chosen.map((existing) => {
    const { id: containerId, name, role } = existing;
    const id = draft.add(
      { kind: 'remove-container', role: role ?? name, name, containerId },
      { cause: lastRun(existing), after: [stops.get(containerId)] },
    );
    return { role, id };
  });
}

function planVolumeRemovals(options: {
  draft: PlanDraft;
  snapshot: Snapshot;
  roles?: ReadonlySet<string>;
  removals: readonly Removal[];
}): void {
  const { draft, snapshot, roles, removals } = options;
  const removalOf = new Map(removals.map(({ role, id }) => [role, id]));
  for (const { name, project, role } of snapshot.volumes) {
    if (project !== snapshot.project || (roles && !(role && roles.has(role)))) continue;
    draft.add(
      { kind: 'remove-volume', volume: name },
      {
        cause: role ? `data of ${role}` : 'data',
        after: role === undefined ? removals.map(({ id }) => id) : [removalOf.get(role)],
      },
    );
  }
}

function isChosen(
  { project, role }: ObservedContainer,
  ours: string,
  roles: ReadonlySet<string> | undefined,
): boolean {
  return project === ours && (roles === undefined || (role !== undefined && roles.has(role)));
}
