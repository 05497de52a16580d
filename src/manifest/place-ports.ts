import { inEveryFlavour } from './flavours.ts';
import type { ContainerManifest, Manifests, PortManifest, PortRange, WorkspaceManifest } from './model.ts';

/** Where on the host the published ports of a workspace are. */
export type PortPlace = {
  /** Added to every port of the host. */
  offset: number;
  /** Whether the fixed ports that programs tell every client lead to this workspace. */
  frontDoor: boolean;
};

/**
 * Where arc.yaml says that ports are.
 *
 * @param options.chosen for `offset: auto`; absent while none has been chosen, and the ports are the manifests' then
 */
export function portPlace(options: {
  workspace: Pick<WorkspaceManifest, 'ports'>;
  chosen?: number | undefined;
}): PortPlace {
  const { ports } = options.workspace;
  const offset = ports.offset === 'auto' ? (options.chosen ?? 0) : ports.offset;
  return { offset, frontDoor: ports.front_door ?? offset === 0 };
}

/** Moves the ports of all services to their place on the host. */
export function placePorts(options: { manifests: Manifests; place: PortPlace }): Manifests {
  const { manifests, place } = options;
  if (place.offset === 0 && place.frontDoor) return manifests;
  const placed = <Container extends ContainerManifest>(container: Container): Container =>
    inEveryFlavour(container, ({ ports }) => ({ ports: ports.map((port) => placePort({ port, place })) }));
  const { workspace } = manifests;
  return {
    ...manifests,
    workspace: { ...workspace, ports: { ...workspace.ports, offset: place.offset } },
    services: manifests.services.map((service) => ({
      ...placed(service),
      sidecars: service.sidecars.map(placed),
    })),
  };
}

/** Clients use the same number inside and outside the container, so the port moves on both sides. */
export function placePort(options: { port: PortManifest; place: PortPlace }): PortManifest {
  const { port, place } = options;
  const { offset, frontDoor } = place;
  return {
    ...port,
    host: movedBy({ range: port.host, offset }),
    container: port.advertised ? movedBy({ range: port.container, offset }) : port.container,
    ...(port.front_door === undefined || frontDoor ? {} : { closed: true }),
  };
}

/** `7880`, or `50100-50200`. */
export function rangeText({ first, last }: PortRange): string {
  return first === last ? String(first) : `${first}-${last}`;
}

function movedBy(options: { range: PortRange; offset: number }): PortRange {
  const { range, offset } = options;
  return { first: range.first + offset, last: range.last + offset };
}
