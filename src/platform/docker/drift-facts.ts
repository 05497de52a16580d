import type Docker from 'dockerode';
import { call } from './call.ts';
import type { EngineInfo } from './docker-info.ts';
import { type PastEvent, readPastEvents } from './drift-events.ts';
import { type Limits, limitsOf } from './drift-limits.ts';
import type { EngineContainer, Labels } from './engine.ts';
import { statusOf } from './engine-error.ts';
import { arcLabels, composeLabels } from './labels.ts';

/** Properties of a container that people can change and that no label records. */
export type ContainerFacts = {
  id: string;
  limits: Limits;
  networks: readonly { name: string; aliases: readonly string[] }[];
  outOfMemory: boolean;
  /** ISO 8601. */
  startedAt: string;
  finishedAt: string;
};

/** A network or a volume, with its options at creation. */
export type PlaceFacts = {
  kind: 'network' | 'volume';
  name: string;
  driver: string;
  options: Readonly<Record<string, string>>;
  project?: string;
};

/** A container on the project's network that is not of the project. */
export type Guest = { id: string; name: string; maker?: string };

export type DriftFacts = {
  containers: readonly ContainerFacts[];
  places: readonly PlaceFacts[];
  guests: readonly Guest[];
  events: readonly PastEvent[];
};

/**
 * Inspects what a snapshot has of a project. Changes nothing.
 *
 * @param options.ids of the project's containers
 * @throws ArcError if the Engine does not answer
 */
export async function readDriftFacts(options: {
  docker: Docker;
  info: () => Promise<EngineInfo>;
  project: string;
  network: string;
  /** Everything on the Engine, of any project. */
  containers: readonly EngineContainer[];
  ids: readonly string[];
  volumes: readonly string[];
}): Promise<DriftFacts> {
  const { docker, project, network, ids, volumes } = options;
  // The library takes options here as everywhere; its types do not know.
  const inspect = <Answer>(object: string, at: { inspect: unknown }) =>
    call({
      request: { verb: 'inspect', object },
      run: async (abortSignal): Promise<Answer | undefined> => {
        try {
          return await (at.inspect as (options: object) => Promise<Answer>).call(at, { abortSignal });
        } catch (cause) {
          if (statusOf(cause) === 404) return undefined;
          throw cause;
        }
      },
    });
  const [containers, net, places, events] = await Promise.all([
    Promise.all(
      ids.map((id) => inspect<Docker.ContainerInspectInfo>(`the container ${id}`, docker.getContainer(id))),
    ),
    inspect<Network>(`the network ${network}`, docker.getNetwork(network)),
    Promise.all(volumes.map((name) => inspect<Network>(`the volume ${name}`, docker.getVolume(name)))),
    readPastEvents(options),
  ]);
  return {
    containers: containers.flatMap((one) => (one === undefined ? [] : [readFacts(one)])),
    places: [
      ...(net === undefined ? [] : [place('network', net)]),
      ...places.flatMap((one) => (one === undefined ? [] : [place('volume', one)])),
    ],
    guests: options.containers
      .filter(({ labels }) => labels[arcLabels.project] !== project)
      .filter(({ networks }) => networks.some(({ name }) => name === network))
      .map(({ id, name, labels }) => ({ id, name, ...makerOf(labels) })),
    events,
  };
}

type Network = {
  Name: string;
  Driver: string;
  Options?: Record<string, string> | null;
  Labels?: Labels | null;
};

function place(kind: PlaceFacts['kind'], { Name, Driver, Options, Labels }: Network): PlaceFacts {
  const project = Labels?.[arcLabels.project];
  return {
    kind,
    name: Name,
    driver: Driver,
    options: Options ?? {},
    ...(project === undefined ? {} : { project }),
  };
}

function readFacts(info: Docker.ContainerInspectInfo): ContainerFacts {
  return {
    id: info.Id,
    limits: limitsOf(info.HostConfig),
    networks: Object.entries(info.NetworkSettings.Networks).map(([name, one]) => {
      return { name, aliases: (one as { Aliases?: readonly string[] | null }).Aliases ?? [] };
    }),
    outOfMemory: info.State.OOMKilled,
    startedAt: info.State.StartedAt,
    finishedAt: info.State.FinishedAt,
  };
}

function makerOf(labels: Labels): { maker?: string } {
  const { [arcLabels.project]: arc, [composeLabels.project]: compose } = labels;
  if (arc !== undefined) return { maker: `the arc project "${arc}"` };
  return compose === undefined ? {} : { maker: `the Docker Compose project "${compose}"` };
}
