import { makePlan } from '../../core/plan.ts';
import { type Address, addressOf } from '../../core/resource.ts';
import type { Plan } from '../../core/step.ts';
import { dockerDrivers } from './drivers/all.ts';
import { addressesOf, seenOn } from './seen.ts';
import type { Snapshot } from './snapshot.ts';

type Removal = {
  snapshot: Snapshot;
  /** Only these; everything of the project without it. */
  roles?: ReadonlySet<string>;
};

/**
 * Stops and removes containers, dependents first. Keeps volumes with data, the network and images, but not the config
 * files of removed containers, because those may contain secrets. Needs no manifests: labels record the dependencies.
 */
export function planDown(removal: Removal): Plan {
  const config = { ...removal.snapshot, volumes: removal.snapshot.volumes.filter((one) => one.config) };
  return remove(removal, [...containersOf(removal), ...volumesOf({ ...removal, snapshot: config })]);
}

/** As {@link planDown}, and removes the volumes of those containers with their data. */
export function planClean(removal: Removal): Plan {
  return remove(removal, [...containersOf(removal), ...volumesOf(removal)]);
}

/**
 * Removes everything in the project: containers, volumes, its network if arc created it, and the images in the snapshot
 * (observe it with the stack of everything), leftovers of builds first: an Engine with containerd's store removes a
 * named image's parents even if another image needs them.
 */
export function planNuke(removal: { snapshot: Snapshot }): Plan {
  const { networks, leftovers = [], images, project } = removal.snapshot;
  return remove(removal, [
    ...containersOf(removal),
    ...volumesOf(removal),
    ...networks.filter((one) => one.project === project).map(({ name }) => addressOf('network', name)),
    ...leftovers.map(({ id }) => addressOf('image', id.replace('sha256:', '').slice(0, 12))),
    ...Object.keys(images)
      .sort()
      .map((reference) => addressOf('image', reference)),
  ]);
}

function remove({ snapshot }: Removal, unwanted: readonly Address[]): Plan {
  const seen = seenOn({ snapshot, containers: [] });
  return makePlan({ project: snapshot.project, wanted: [], seen, unwanted, drivers: dockerDrivers });
}

function containersOf({ snapshot, roles }: Removal): readonly Address[] {
  const own = snapshot.containers.filter(({ project }) => project === snapshot.project);
  return [...addressesOf({ own, containers: [] })].flatMap(([{ role }, address]) =>
    isChosen(role, roles) ? [address] : [],
  );
}

function volumesOf({ snapshot, roles }: Removal): readonly Address[] {
  return snapshot.volumes
    .filter(({ project, role }) => project === snapshot.project && isChosen(role, roles))
    .map(({ name }) => addressOf('volume', name));
}

function isChosen(role: string | undefined, roles: ReadonlySet<string> | undefined): boolean {
  return roles === undefined || (role !== undefined && roles.has(role));
}
