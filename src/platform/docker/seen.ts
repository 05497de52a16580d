import { type Address, addressOf, type Need, type Seen } from '../../core/resource.ts';
import type { ResolvedContainer } from '../../stack/model.ts';
import type { ContainerSeen } from './drivers/container-decide.ts';
import type { ImageSeen } from './drivers/image.ts';
import type { ObservedContainer, Snapshot } from './snapshot.ts';

/**
 * The snapshot by resource. Containers get their wanted address, even if they still have another name; their needs are
 * those on their labels. Pure.
 *
 * @param options.containers those that are wanted
 */
export function seenOn(options: {
  snapshot: Snapshot;
  containers: readonly ResolvedContainer[];
}): ReadonlyMap<Address, Seen> {
  const { snapshot, containers } = options;
  const { project, networks, volumes } = snapshot;
  const seen = new Map<Address, Seen>();
  const see = (address: Address, state: unknown, needs: readonly Need[] = []): void => {
    seen.set(address, { state, needs });
  };
  for (const network of networks) see(addressOf('network', network.name), network);
  for (const volume of volumes) see(addressOf('volume', volume.name), volume);
  const images = imagesOf(snapshot);
  for (const [index, [address, state]] of images.entries()) {
    // One after the other: the Engine fails where two names of one image, or two images that have the steps of their
    // build in common, are removed at the same time.
    const next = images[index + 1];
    see(address, state, next === undefined ? [] : [{ on: next[0], for: 'make' }]);
  }

  const own = snapshot.containers.filter((one) => one.project === project);
  const addresses = addressesOf({ own, containers });
  const byRole = new Map(own.map((one) => [one.role, addresses.get(one)]));
  const [firstImage] = images;
  for (const [existing, address] of addresses) {
    const needs: Need[] = [
      ...existing.dependsOn.flatMap((role): Need[] => {
        const on = byRole.get(role);
        return on === undefined ? [] : [{ on, for: 'start' }];
      }),
      ...networks.map(({ name }): Need => ({ on: addressOf('network', name), for: 'make' })),
      ...volumes.flatMap((volume): Need[] =>
        isMounted(existing, volume) ? [{ on: addressOf('volume', volume.name), for: 'make' }] : [],
      ),
      ...(firstImage === undefined ? [] : [{ on: firstImage[0], for: 'make' } as const]),
    ];
    see(address, { existing } satisfies ContainerSeen, needs);
  }
  const wanted = new Map(containers.map((one) => [one.name, ownAddress(one)]));
  for (const stranger of snapshot.containers) {
    const address = wanted.get(stranger.name);
    if (stranger.project === project || address === undefined) continue;
    const before = seen.get(address);
    const state: ContainerSeen = { ...(before?.state as ContainerSeen | undefined), stranger };
    see(address, state, before?.needs);
  }
  return seen;
}

/** The address under which each container of the project is seen: its wanted address, else its own. */
export function addressesOf(options: {
  own: readonly ObservedContainer[];
  containers: readonly ResolvedContainer[];
}): ReadonlyMap<ObservedContainer, Address> {
  const { own, containers } = options;
  const find = findAmong({ own, containers });
  const addresses = new Map(own.map((one) => [one, ownAddress(one)]));
  for (const container of containers) {
    const existing = find(container);
    if (existing !== undefined) addresses.set(existing, ownAddress(container));
  }
  return addresses;
}

/** Finds a container by its role, because its name may have changed, or else by its name, because its role may have. */
export function findExisting(options: {
  containers: readonly ResolvedContainer[];
  snapshot: Snapshot;
}): (container: ResolvedContainer) => ObservedContainer | undefined {
  const { containers, snapshot } = options;
  return findAmong({
    own: snapshot.containers.filter(({ project }) => project === snapshot.project),
    containers,
  });
}

function findAmong(options: {
  own: readonly ObservedContainer[];
  containers: readonly ResolvedContainer[];
}): (container: ResolvedContainer) => ObservedContainer | undefined {
  const { own, containers } = options;
  const roles = new Set<string | undefined>(containers.map(({ role }) => role));
  const byRole = new Map(own.map((container) => [container.role, container]));
  const byName = new Map(
    own.filter(({ role }) => !roles.has(role)).map((container) => [container.name, container]),
  );
  return ({ role, name }) => byRole.get(role) ?? byName.get(name);
}

function ownAddress({ kind, name }: { kind?: 'service' | 'job'; name: string }): Address {
  return addressOf(kind === 'job' ? 'job' : 'container', name);
}

/** A volume without a label for its role may belong to anybody. */
function isMounted({ mounts = [], role }: ObservedContainer, volume: Snapshot['volumes'][number]): boolean {
  return (
    volume.role === undefined || volume.role === role || mounts.some((mount) => mount.volume === volume.name)
  );
}

/**
 * Images left by builds come before named ones, because removing a named image would remove the images that it is built
 * on.
 */
function imagesOf({ leftovers = [], images }: Snapshot): readonly (readonly [Address, ImageSeen])[] {
  return [
    ...leftovers.map(
      ({ id, wrapper }) =>
        // As much of the id as the Engine's own tools show.
        [addressOf('image', id.replace('sha256:', '').slice(0, 12)), { unnamed: id, wrapper }] as const,
    ),
    ...Object.keys(images)
      .sort()
      .map((reference) => [addressOf('image', reference), { named: reference }] as const),
  ];
}
