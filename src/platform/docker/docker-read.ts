import type Docker from 'dockerode';
import { defined } from '../../core/defined.ts';
import type { WantedPort } from '../../host/port.ts';
import type {
  ContainerInspection,
  EngineContainer,
  Labels,
  PublishedPort,
  PublishedPorts,
} from './engine.ts';
import type { ContainerState } from './snapshot.ts';

// The Engine's answers as arc's own values.

/** One entry of the Engine's list of containers. */
export function readContainer(info: Docker.ContainerInfo): EngineContainer {
  // The list has the exit code only in words: `Exited (137) 5 minutes ago`, `Restarting (1) 2 seconds ago`.
  const exitCode = /^(?:Exited|Restarting) \((-?\d+)\)/.exec(info.Status)?.[1];
  return {
    id: info.Id,
    name: info.Names[0]?.replace(/^\//, '') ?? info.Id,
    labels: info.Labels ?? {},
    image: info.Image,
    imageId: info.ImageID,
    state: info.State as ContainerState,
    ...(exitCode === undefined ? {} : { exitCode: Number(exitCode) }),
    networks: Object.entries(info.NetworkSettings?.Networks ?? {}).map(([name, { NetworkID }]) => {
      return { name, id: NetworkID ?? '' };
    }),
    mounts: (info.Mounts ?? []).flatMap(({ Type, Name, Destination }) =>
      Type === 'volume' && Name !== undefined ? [{ volume: Name, target: Destination }] : [],
    ),
    ...boundFolders(info.Mounts ?? []),
    ...published(info.Ports ?? []),
    held: held(info.Ports ?? []),
  };
}

function boundFolders(mounts: Docker.ContainerInfo['Mounts']): Pick<EngineContainer, 'binds'> {
  const binds = mounts.flatMap(({ Type, Source, Destination }) =>
    Type === 'bind' ? [{ source: Source, target: Destination }] : [],
  );
  return binds.length === 0 ? {} : { binds };
}

/** One entry of the Engine's list of volumes. `CreatedAt` is not among the library's types. */
export function readVolume(info: {
  Name: string;
  Driver?: string;
  Labels: Record<string, string> | null;
  CreatedAt?: string;
}): {
  name: string;
  driver?: string;
  labels: Labels;
  createdAt?: string;
} {
  const { Name: name, Driver: driver, Labels: labels, CreatedAt: createdAt } = info;
  return { name, labels: labels ?? {}, ...defined({ driver, createdAt }) };
}

function held(ports: readonly Docker.Port[]): readonly WantedPort[] {
  return ports.flatMap(({ IP, PublicPort, Type }) =>
    PublicPort && (Type === 'tcp' || Type === 'udp')
      ? [{ protocol: Type, bind: IP ?? '0.0.0.0', first: PublicPort, last: PublicPort }]
      : [],
  );
}

/** Leaves out UDP ports: there may be hundreds, and nothing connects to them by name. */
function published(ports: readonly Docker.Port[]): { published?: readonly PublishedPort[] } {
  const found = ports.flatMap(({ IP, PrivatePort, PublicPort, Type }) =>
    Type === 'tcp' && PublicPort ? [{ container: PrivatePort, bind: IP || '0.0.0.0', host: PublicPort }] : [],
  );
  return found.length === 0 ? {} : { published: found };
}

/** From `GET /info`: `name=seccomp,profile=default`, `name=selinux` … */
export function usesSelinux(info: { SecurityOptions?: readonly string[] | null }): boolean {
  return (info.SecurityOptions ?? []).some((option) => option.split(',').includes('name=selinux'));
}

/** The Engine's facts about one container. */
export function readInspection(info: Docker.ContainerInspectInfo): ContainerInspection {
  const { State: state } = info;
  const health = state.Health;
  return {
    id: info.Id,
    state: state.Status as ContainerState,
    exitCode: state.ExitCode,
    outOfMemory: state.OOMKilled,
    error: state.Error,
    restarts: info.RestartCount,
    networks: Object.entries(info.NetworkSettings?.Networks ?? {}).flatMap(([name, network]) => {
      const address = network?.IPAddress || network?.GlobalIPv6Address;
      const gateway = (network?.IPAddress ? network.Gateway : network?.IPv6Gateway) ?? '';
      return address ? [{ name, address, gateway }] : [];
    }),
    published: readPublished(info.HostConfig.PortBindings ?? {}),
    ...(isTime(state.StartedAt) ? { startedAt: state.StartedAt } : {}),
    ...(isTime(state.FinishedAt) ? { finishedAt: state.FinishedAt } : {}),
    ...(health && health.Status !== 'none'
      ? {
          health: {
            status: health.Status as 'starting' | 'healthy' | 'unhealthy',
            lastOutput: health.Log?.at(-1)?.Output.trim() ?? '',
            // The list is kept over a restart.
            hasRun: Date.parse(health.Log?.at(-1)?.End ?? '') >= Date.parse(state.StartedAt),
          },
        }
      : {}),
  };
}

/** `{ '50100/udp': [{ HostIp: '0.0.0.0', HostPort: '50100' }], … }`, by protocol and number. */
function readPublished(bindings: Docker.PortMap): readonly PublishedPorts[] {
  const single = Object.entries(bindings).flatMap(([key, places]) => {
    const protocol = key.endsWith('/udp') ? ('udp' as const) : ('tcp' as const);
    return (places as readonly Docker.PortBinding[]).map(({ HostIp, HostPort }) => {
      return { bind: HostIp || '0.0.0.0', port: Number(HostPort), protocol };
    });
  });
  const merged: PublishedPorts[] = [];
  for (const { bind, port, protocol } of single.toSorted(byProtocolAndPort)) {
    const last = merged.at(-1);
    const follows = last?.bind === bind && last.protocol === protocol && last.host.last === port - 1;
    // Media ports are a range; ports that carry a protocol of their own are shown by themselves.
    if (follows && protocol === 'udp') last.host.last = port;
    else merged.push({ bind, host: { first: port, last: port }, protocol });
  }
  return merged;
}

type SinglePort = { port: number; protocol: 'tcp' | 'udp' };

function byProtocolAndPort(a: SinglePort, b: SinglePort): number {
  return a.protocol === b.protocol ? a.port - b.port : a.protocol === 'tcp' ? -1 : 1;
}

/** The Engine writes the year 1 for never. */
function isTime(text: string | undefined): boolean {
  return text !== undefined && text !== '' && !text.startsWith('0001-');
}
