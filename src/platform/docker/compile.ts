import type { Decider } from '../../core/driver.ts';
import { type Address, addressOf, type Need, type Resource, type Seen } from '../../core/resource.ts';
import { pathsBelow } from '../../stack/folders.ts';
import type { BootableStack, ResolvedContainer } from '../../stack/model.ts';
import type { ContainerWanted } from './drivers/container-decide.ts';
import { isBelow, type Unloaded } from './drivers/container-reload.ts';
import type { CertificateWanted, FileWanted, RightsWanted } from './drivers/file.ts';
import type { ImageWanted } from './drivers/image.ts';
import type { VolumeWanted } from './drivers/volume.ts';
import { formerVolume } from './former-volume.ts';
import { configRoot, hashAsMade } from './hash.ts';
import { findExisting } from './seen.ts';
import type { Snapshot } from './snapshot.ts';

/** What to do with containers that need no change. */
export type Force = { how: 'recreate' | 'restart'; roles: ReadonlySet<string> };

export type Wishes = {
  stack: BootableStack;
  snapshot: Snapshot;
  /** Absolute path of the workspace. */
  root: string;
  force?: Force;
  /** Roles whose containers stay unchanged, whatever their manifests say now. */
  asMade?: ReadonlySet<string>;
  /**
   * Running containers that need something in the stack but are not part of it, in dependency order. arc probes or
   * restarts them if something that they need restarts, and otherwise leaves them alone.
   */
  dependents?: readonly ResolvedContainer[];
  /** By reference: whether an image must be brought, and its sources. Without it, all images count as current. */
  images?: ReadonlyMap<string, ImageFound>;
  /** Config files, and how they differ from what is on disk. */
  files?: readonly { path: string; state: FileWanted['state'] | 'edited-by-hand' }[];
  /** Certificates that are new, and why. */
  certificates?: readonly { name: string; cause: string }[];
  /** What running programs say of folders that they have not loaded, by role and path. */
  unloaded?: ReadonlyMap<string, ReadonlyMap<string, Unloaded>>;
  /** Files that containers could not read, and why. */
  closed?: readonly { path: string; cause: string }[];
  /** The wanted resources inside servers of the stack. A container that needs such a server needs all of them. */
  inside?: InsideWishes;
};

/** The wanted resources inside servers, and those that were seen there. */
export type InsideWishes = {
  wanted: readonly Resource[];
  seen: ReadonlyMap<Address, Seen>;
  /**
   * Of those, the resources that arc created, that no manifest declares any more, and that may go; each with its
   * server.
   */
  unwanted: ReadonlyMap<Address, Address>;
  /** Servers that said what is in them. */
  asked: ReadonlySet<Address>;
  deciders: ReadonlyMap<string, Decider>;
};

/** The images room's facts about an image. */
export type ImageFound = {
  /** Why it must be brought to the Engine; absent if it can run as it is. */
  outdated?: string;
  /** Its sources. */
  madeFrom?: string;
};

/** A stack as resources on an Engine: its network, its volumes, its containers and jobs. Pure. */
export function compile(wishes: Wishes): readonly Resource[] {
  const { stack, snapshot, dependents = [], images = new Map(), files = [], closed = [], inside } = wishes;
  const { certificates = [] } = wishes;
  const { project } = stack;
  const owners = new Map(stack.containers.map(({ image, role }) => [image.reference, role]));
  return [
    { address: addressOf('network', stack.network), kind: 'network', spec: undefined, needs: [] },
    ...stack.volumes.map(({ name, role }): Resource<VolumeWanted> => {
      const address = addressOf('volume', name);
      const former = formerVolume({ stack, snapshot, volume: { name, role } });
      const spec = { project, role, ...(former === undefined ? {} : { former }) };
      return { address, kind: 'volume', spec, owner: role, needs: [] };
    }),
    ...[...images].map(([reference, { outdated }]): Resource<ImageWanted> => {
      const spec = outdated === undefined ? {} : { outdated };
      const owner = owners.get(reference);
      return {
        address: addressOf('image', reference),
        kind: 'image',
        spec,
        needs: [],
        ...(owner && { owner }),
      };
    }),
    ...certificates.map(({ name, cause }): Resource<CertificateWanted> => {
      return { address: addressOf('certificate', name), kind: 'certificate', spec: { cause }, needs: [] };
    }),
    ...files.map(({ path, state }): Resource<FileWanted> => {
      // A file that a person edited stays as it is.
      const spec = { state: state === 'edited-by-hand' ? 'unchanged' : state } as const;
      const needs = certificates.map(
        ({ name }): Need => ({ on: addressOf('certificate', name), for: 'make' }),
      );
      return { address: addressOf('config', path), kind: 'config', spec, needs };
    }),
    ...closed.map(({ path, cause }): Resource<RightsWanted> => {
      const needs: Need[] = [{ on: addressOf('config', path), for: 'make' }];
      return { address: addressOf('rights', path), kind: 'rights', spec: { cause }, needs };
    }),
    ...containers({ ...wishes, all: [...stack.containers, ...dependents] }),
    ...(inside?.wanted ?? []),
  ];
}

/** The address of a container or a job. */
export function addressOfContainer({ kind, name }: Pick<ResolvedContainer, 'kind' | 'name'>): Address {
  return addressOf(kind === 'job' ? 'job' : 'container', name);
}

function containers(
  options: Wishes & { all: readonly ResolvedContainer[] },
): readonly Resource<ContainerWanted>[] {
  const { stack, snapshot, root, force, asMade, images, all } = options;
  const { project, network } = stack;
  const selinux = snapshot.selinux === true;
  const mountedFrom = configRoot({ snapshot, root });
  const inStack = new Set(stack.containers);
  const addresses = new Map(all.map((one) => [one.role, addressOfContainer(one)]));
  const names = new Map(all.map(({ role, name }) => [role, name]));
  const volumes = Map.groupBy(stack.volumes, ({ role }) => role);
  const services = Map.groupBy(stack.containers, ({ service }) => service);
  const inside = Map.groupBy(options.inside?.wanted ?? [], ({ owner }) => owner);
  const leftFiles = (options.files ?? []).filter(({ state }) => state === 'left').map(({ path }) => path);
  const find = findExisting({ containers: all, snapshot });
  return all.map((container) => {
    const beside = !inStack.has(container);
    const existing = find(container);
    const { reference } = container.image;
    const left = leftFiles.filter((path) => container.folders.some(({ folder }) => isBelow(path, folder)));
    const image = beside
      ? { id: existing?.imageId }
      : { id: snapshot.images[reference], madeFrom: images?.get(reference)?.madeFrom };
    return {
      address: addressOfContainer(container),
      kind: container.kind === 'job' ? 'job' : 'container',
      owner: container.service,
      needs: needsOf({ container, network, addresses, inside, left }),
      spec: {
        project,
        container,
        hash: hashAsMade({ container, image, network, root: mountedFrom, selinux, made: existing?.hash }),
        network,
        root: mountedFrom,
        booted: (services.get(container.service) ?? []).map(({ role }) => role),
        selinux,
        addresses,
        names,
        volumesOfNeeds: container.dependsOn.flatMap(({ role }) =>
          (volumes.get(role) ?? []).map(({ name }) => addressOf('volume', name)),
        ),
        asMade: asMade?.has(container.role) === true,
        ...(force?.roles.has(container.role) ? { force: force.how } : {}),
        left,
        unloaded: options.unloaded?.get(container.role) ?? new Map(),
        beside,
      },
    };
  });
}

function needsOf(options: {
  container: ResolvedContainer;
  network: string;
  addresses: ReadonlyMap<string, Address>;
  inside: ReadonlyMap<string | undefined, readonly Resource[]>;
  left: readonly string[];
}): readonly Need[] {
  const { container, network, addresses, inside, left } = options;
  return [
    { on: addressOf('network', network), for: 'make' },
    ...container.volumes.map(({ volume }): Need => ({ on: addressOf('volume', volume), for: 'make' })),
    { on: addressOf('image', container.image.reference), for: 'make' },
    ...container.folders.flatMap((folder) =>
      pathsBelow(folder).flatMap((path): Need[] => [
        { on: addressOf('config', path), for: 'make' },
        { on: addressOf('rights', path), for: 'start' },
      ]),
    ),
    ...left.map((path): Need => ({ on: addressOf('config', path), for: 'make' })),
    ...container.config.flatMap(({ file }): Need[] => [
      { on: addressOf('config', file), for: 'make' },
      { on: addressOf('rights', file), for: 'start' },
    ]),
    ...container.dependsOn.flatMap(({ role, to }): Need[] => {
      const on = addresses.get(role);
      if (on === undefined) return [];
      const moment = to ?? 'start';
      const held = (inside.get(role) ?? []).map(({ address }): Need => ({ on: address, for: moment }));
      return [{ on, for: moment }, ...held];
    }),
  ];
}
