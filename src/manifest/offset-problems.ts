import type { Problem } from '../core/errors.ts';
import type { ContainerManifest, PortManifest } from './model.ts';
import { type PortPlace, placePort, rangeText } from './place-ports.ts';

/** The highest port there is. */
export const lastPort = 65_535;

/**
 * Problems of an offset for a container's ports: numbers that are too high, and advertised ports, which also move
 * inside the container, that meet another port there.
 *
 * @param options.container with its ports as in its manifest
 */
export function offsetProblems(options: {
  container: Pick<ContainerManifest, 'name' | 'ports'>;
  place: PortPlace;
}): readonly Problem[] {
  const { container, place } = options;
  const { name } = container;
  // An invalid port has been reported before.
  const ports = container.ports.filter((port) => port.container.first > 0 && port.host.first > 0);
  const moved = ports.map((port) => ({ port, now: placePort({ port, place }) }));
  return moved.flatMap(({ port, now }): Problem[] => {
    const { location } = port;
    const detail = [`${port.name} is ${rangeText(port.container)} in ${location.file}:${location.line}`];
    if (port.publish && now.host.last > lastPort) {
      return [
        {
          code: 'bad-port',
          message: `With the offset ${place.offset} the port ${port.name} of ${name} would be ${rangeText(now.host)}, and ports end at ${lastPort}.`,
          detail,
          suggestion: `choose an offset of at most ${lastPort - port.host.last}`,
          location,
        },
      ];
    }
    if (!port.advertised || place.offset === 0) return [];
    const rival = moved.find((other) => !other.port.advertised && meet(now, other.now));
    if (rival === undefined) return [];
    return [
      {
        code: 'port-conflict',
        message: `With the offset ${place.offset} ${name} would listen on ${rangeText(now.container)}/${port.protocol} for ${port.name}, where it listens for ${rival.port.name}.`,
        detail: [...detail, 'it is advertised to clients, so it moves within the container as well'],
        suggestion: 'choose another offset',
        location,
      },
    ];
  });
}

function meet(left: PortManifest, right: PortManifest): boolean {
  return (
    left.protocol === right.protocol &&
    left.container.first <= right.container.last &&
    right.container.first <= left.container.last
  );
}
