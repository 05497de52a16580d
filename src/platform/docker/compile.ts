import { type Address, addressOf, type Need, type Resource } from '../../core/resource.ts';
import type { ResolvedContainer, ResolvedStack } from '../../stack/model.ts';
import type { ContainerWanted } from './drivers/container-decide.ts';
import type { VolumeWanted } from './drivers/volume.ts';
import { formerVolume } from './former-volume.ts';
import { configRoot, hashContainer } from './hash.ts';
import { findExisting } from './seen.ts';
import type { Snapshot } from './snapshot.ts';

/** What to do with containers that are already as they should be. */
export type Force = { how: 'recreate' | 'restart'; roles: ReadonlySet<string> };

export type Wishes = {
  stack: ResolvedStack;
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

/** A stack as resources on an Engine: its network, its volumes, its containers and jobs. Pure. */
export function compile(wishes: Wishes): readonly Resource[] {
  const { stack, snapshot, dependents = [] } = wishes;
  const { project } = stack;
  return [
    { address: addressOf('network', stack.network), kind: 'network', spec: undefined, needs: [] },
    ...stack.volumes.map(({ name, role }): Resource<VolumeWanted> => {
      const address = addressOf('volume', name);
      const former = formerVolume({ stack, snapshot, volume: { name, role } });
      const spec = { project, role, ...(former === undefined ? {} : { former }) };
      return { address, kind: 'volume', spec, owner: role, needs: [] };
    }),
    ...containers({ ...wishes, all: [...stack.containers, ...dependents] }),
  ];
}

/** The address of a container or a job. */
export function addressOfContainer({ kind, name }: Pick<ResolvedContainer, 'kind' | 'name'>): Address {
  return addressOf(kind === 'job' ? 'job' : 'container', name);
}

function containers(
  options: Wishes & { all: readonly ResolvedContainer[] },
): readonly Resource<ContainerWanted>[] {
  const { stack, snapshot, root, force, asMade, all } = options;
  const { project, network } = stack;
  const selinux = snapshot.selinux === true;
  const inStack = new Set(stack.containers);
  const addresses = new Map(all.map((one) => [one.role, addressOfContainer(one)]));
  const names = new Map(all.map(({ role, name }) => [role, name]));
  const volumes = Map.groupBy(stack.volumes, ({ role }) => role);
  const services = Map.groupBy(stack.containers, ({ service }) => service);
  const find = findExisting({ containers: all, snapshot });
  return all.map((container) => {
    const beside = !inStack.has(container);
    const imageId = beside ? find(container)?.imageId : snapshot.images[container.image.reference];
    return {
      address: addressOfContainer(container),
      kind: container.kind === 'job' ? 'job' : 'container',
      owner: container.service,
      needs: needsOf({ container, network, addresses }),
      spec: {
        project,
        container,
        hash: hashContainer({ container, imageId, network, root: configRoot({ snapshot, root }), selinux }),
        network,
        booted: (services.get(container.service) ?? []).map(({ role }) => role),
        selinux,
        addresses,
        names,
        volumesOfNeeds: container.dependsOn.flatMap(({ role }) =>
          (volumes.get(role) ?? []).map(({ name }) => addressOf('volume', name)),
        ),
        asMade: asMade?.has(container.role) === true,
        ...(force?.roles.has(container.role) ? { force: force.how } : {}),
        beside,
      },
    };
  });
}

function needsOf(options: {
  container: ResolvedContainer;
  network: string;
  addresses: ReadonlyMap<string, Address>;
}): readonly Need[] {
  const { container, network, addresses } = options;
  return [
    { on: addressOf('network', network), for: 'make' },
    ...container.volumes.map(({ volume }): Need => ({ on: addressOf('volume', volume), for: 'make' })),
    ...container.dependsOn.flatMap(({ role }): Need[] => {
      const on = addresses.get(role);
      return on === undefined ? [] : [{ on, for: 'start' }];
    }),
  ];
}
