import { ArcError, failed } from '../core/errors.ts';
import type { EngineFacts } from '../doctor/engine-facts.ts';
import { openEngine } from '../doctor/open-engine.ts';
import type { PublishingContainer, WantedPort } from '../host/port.ts';
import { portHolders } from '../host/ports.ts';
import { formsOf } from '../manifest/flavours.ts';
import type { Manifests } from '../manifest/model.ts';
import { lastPort, offsetProblems } from '../manifest/offset-problems.ts';
import { placePort } from '../manifest/place-ports.ts';
import type { Workspace } from '../workspace/load.ts';
import { writePortOffset } from '../workspace/port-offset.ts';
import type { Context } from './context.ts';

/**
 * Chooses the ports of a workspace with `ports: { offset: auto }` at its first boot. The choice is permanent, so that
 * addresses that people have written down stay valid.
 *
 * @param options.keep writes the choice down for every later run
 * @throws ArcError `no-free-ports` (exit status 1)
 */
export async function choosePorts(options: {
  context: Context;
  workspace: Workspace;
  keep: boolean;
}): Promise<Workspace> {
  const { context, workspace, keep } = options;
  const { manifests, root } = workspace;
  if (manifests.workspace.ports.offset !== 'auto' || workspace.portOffset !== undefined) return workspace;
  const { local, running } = await askEngine(context);
  const containers = running.map((container) => ({ ...container, own: false }));
  // The ports of this machine are not those of an Engine elsewhere.
  const isTaken = (ports: readonly WantedPort[]) =>
    local
      ? portHolders({ ports, containers }).then(({ length }) => length > 0)
      : published(ports, containers);
  const portOffset = await firstFree({ manifests, isTaken });
  if (keep) writePortOffset({ root, offset: portOffset });
  return { ...workspace, portOffset };
}

/** The step is wider than the widest range of ports, and easy to add in the head. */
const step = 1_000;

/**
 * The first multiple of 1000 that moves every port to a free one. Never 0: those ports belong to a stack without an
 * offset, whether or not it runs now.
 */
export async function firstFree(options: {
  manifests: Manifests;
  isTaken: (ports: readonly WantedPort[]) => Promise<boolean>;
}): Promise<number> {
  const { manifests, isTaken } = options;
  const containers = manifests.services.flatMap((service) => [service, ...service.sidecars].flatMap(formsOf));
  for (let offset = step; offset < lastPort; offset += step) {
    const place = { offset, frontDoor: false };
    if (containers.some((container) => offsetProblems({ container, place }).length > 0)) continue;
    const ports = containers.flatMap((container) =>
      container.ports
        .filter(({ publish }) => publish)
        .map((port) => {
          const { host, protocol, bind } = placePort({ port, place });
          return { protocol, bind: port.public ? '0.0.0.0' : bind, ...host };
        }),
    );
    if (!(await isTaken(withoutCovered(ports)))) return offset;
  }
  throw failed({
    code: 'no-free-ports',
    message: `No multiple of ${step} moves all ports of this workspace to free ones.`,
    suggestion: 'choose a number yourself, as `ports: { offset: 1500 }` in arc.yaml',
  });
}

/** A port that is another one under other settings is tried once: two tries would be in each other's way. */
function withoutCovered(ports: readonly WantedPort[]): readonly WantedPort[] {
  return ports.filter((port, index) =>
    ports.every(
      (other, place) => place === index || !covers(other, port) || (covers(port, other) && index < place),
    ),
  );
}

function covers(wide: WantedPort, port: WantedPort): boolean {
  return (
    wide.protocol === port.protocol &&
    (wide.bind === port.bind || wide.bind === '0.0.0.0') &&
    wide.first <= port.first &&
    port.last <= wide.last
  );
}

async function published(
  ports: readonly WantedPort[],
  containers: readonly PublishingContainer[],
): Promise<boolean> {
  return containers.some((container) =>
    container.ports.some((held) =>
      ports.some(
        ({ protocol, first, last }) => protocol === held.protocol && first <= held.last && held.first <= last,
      ),
    ),
  );
}

/** An Engine that is not there yet will be this machine's, and publishes nothing. */
async function askEngine(context: Context): Promise<{ local: boolean; running: EngineFacts['running'] }> {
  const opened = await openEngine(context.environment);
  if (opened instanceof ArcError) return { local: true, running: [] };
  opened.connection.close();
  return opened.facts;
}
