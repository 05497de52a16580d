import type { Stack } from '../../stack/model.ts';
import type { Snapshot } from './snapshot.ts';

/** Something that has a name of the stack and that arc did not make, so that no command removes it. */
export type NotMadeByArc = { kind: 'container' | 'volume' | 'network'; name: string };

/**
 * Objects on the Engine with names of the stack that do not belong to this project. arc uses a volume of Docker Compose
 * or of a person as it is and shares a network; a container is an obstacle.
 *
 * @param options.roles only what is of these; everything without it, the network too
 */
export function notMadeByArc(options: {
  stack: Pick<Stack, 'containers' | 'volumes'>;
  snapshot: Snapshot;
  roles?: ReadonlySet<string>;
}): readonly NotMadeByArc[] {
  const { stack, snapshot, roles } = options;
  const isMeant = (role: string | undefined): boolean =>
    roles === undefined || (role !== undefined && roles.has(role));
  const volumeRoles = new Map(stack.volumes.map(({ name, role }) => [name, role]));
  const containerRoles = new Map(stack.containers.map(({ name, role }) => [name, role]));
  return [
    ...snapshot.containers
      .filter(({ name, project }) => project === undefined && isMeant(containerRoles.get(name)))
      .map(({ name }) => ({ kind: 'container', name }) as const),
    ...snapshot.volumes
      .filter(({ name, project }) => project === undefined && isMeant(volumeRoles.get(name)))
      .map(({ name }) => ({ kind: 'volume', name }) as const),
    ...snapshot.networks
      .filter(({ project }) => project === undefined && roles === undefined)
      .map(({ name }) => ({ kind: 'network', name }) as const),
  ];
}

/**
 * Volumes that arc did not create, for containers that a boot creates now: the person should know that there is data
 * already. Later boots do not repeat it.
 */
export function adoptedVolumes(options: {
  stack: Pick<Stack, 'containers'>;
  snapshot: Snapshot;
}): readonly { volume: string; container: string }[] {
  const { stack, snapshot } = options;
  const existing = new Set(snapshot.containers.map(({ role }) => role));
  const adopted = new Set(
    snapshot.volumes.filter(({ project }) => project === undefined).map(({ name }) => name),
  );
  return stack.containers
    .filter(({ role }) => !existing.has(role))
    .flatMap(({ name, volumes }) =>
      volumes.filter(({ volume }) => adopted.has(volume)).map(({ volume }) => ({ volume, container: name })),
    );
}
