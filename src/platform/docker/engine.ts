import type { WantedPort } from '../../host/port.ts';
import type { ConfigFile } from './config-archive.ts';
import type { ContainerSpec } from './container-spec.ts';
import type { FileStart } from './file-start.ts';
import type { ContainerState } from './snapshot.ts';
import type { Ownership } from './tar-owners.ts';
import type { ContainerUsage } from './usage.ts';

/**
 * arc's requests to a Docker Engine, one method each. Tests use a stateful fake. Every method throws an ArcError that
 * names the request and the object, also if the Engine does not answer in time.
 */
export type Engine = {
  /** It cannot mount files of this machine, so arc copies a container's config files to it. */
  copiesConfig?: true;
  listContainers: () => Promise<readonly EngineContainer[]>;
  listNetworks: () => Promise<readonly { id: string; name: string; driver?: string; labels: Labels }[]>;
  /** `createdAt` is ISO 8601, to the second, by the Engine's clock. */
  listVolumes: () => Promise<
    readonly { name: string; driver?: string; labels: Labels; createdAt?: string }[]
  >;
  /** Image ids by reference, of those references that the Engine has. */
  findImages: (references: readonly string[]) => Promise<Readonly<Record<string, string>>>;
  /** Whether it keeps containers apart with SELinux, so that files must be labelled for them. */
  usesSelinux: () => Promise<boolean>;
  createNetwork: (options: { name: string; labels: Labels }) => Promise<void>;
  removeNetwork: (options: { name: string }) => Promise<void>;
  createVolume: (options: { name: string; labels: Labels }) => Promise<void>;
  removeVolume: (options: { name: string }) => Promise<void>;
  /** @param options.config what is in the files that the container mounts from this machine */
  createContainer: (options: {
    name: string;
    spec: ContainerSpec;
    config?: readonly ConfigFile[];
  }) => Promise<void>;
  startContainer: (options: { name: string }) => Promise<void>;
  unpauseContainer: (options: { id: string; name: string }) => Promise<void>;
  /** Resolves once it has stopped; the Engine kills it after `graceSeconds`. No error if it is gone. */
  stopContainer: (options: { id: string; name: string; graceSeconds: number }) => Promise<void>;
  /** Sends its main process a signal: `SIGHUP`. */
  signalContainer: (options: { name: string; signal: string }) => Promise<void>;
  /** With its anonymous volumes and the config files that it was given; named volumes stay. No error if it is gone. */
  removeContainer: (options: { id: string; name: string }) => Promise<void>;
  /** Also removes unnamed parents that no other image needs. */
  removeImage: (options: { reference: string }) => Promise<void>;
  /** Keeps the image's parents. */
  removeUnnamedImage: (options: { id: string }) => Promise<void>;
  /** `undefined` if there is no such container. */
  inspectContainer: (options: { name: string }) => Promise<ContainerInspection | undefined>;
  /** What a container has used so far; `undefined` if it does not run. Answers at once. */
  containerUsage: (options: { name: string }) => Promise<ContainerUsage | undefined>;
  /** Owners of a folder of a container and of the first entry in it, even if the container does not run. */
  listOwners: (options: { name: string; path: string }) => Promise<readonly Ownership[]>;
  /**
   * The first bytes of a file in a container, even if it does not run; undefined if there is no such file.
   *
   * @param options.path absolute; `*` in its last name stands for any characters, and the first that fits is read
   */
  readStart: (options: { name: string; path: string; length: number }) => Promise<FileStart | undefined>;
  /** Labels of an image, by its name or id. */
  imageLabels: (options: { image: string }) => Promise<Labels>;
  /** The last lines, oldest first. @param options.since ISO 8601; all there are where it is absent */
  tailLogs: (options: {
    name: string;
    lines: number;
    since?: string | undefined;
  }) => Promise<readonly string[]>;
  /**
   * Watches what happens to the project's containers.
   * @param options.onEnd called if the Engine closes the stream before `signal` is aborted
   * @returns once the Engine has begun to report, so that nothing after that is missed
   */
  watchContainers: (options: {
    project: string;
    signal: AbortSignal;
    onEvent: (event: ContainerEvent) => void;
    onEnd: () => void;
  }) => Promise<void>;
};

export type Labels = Readonly<Record<string, string>>;

export type EngineContainer = {
  id: string;
  name: string;
  labels: Labels;
  /** The image's name when the container was created. */
  image: string;
  imageId: string;
  state: ContainerState;
  exitCode?: number;
  /** `id` is empty until the container has started for the first time. */
  networks: readonly { name: string; id: string }[];
  /** Volumes, and where in it they are. */
  mounts: readonly { volume: string; target: string }[];
  /** Files and folders of the Engine's machine; absent if there are none. */
  binds?: readonly { source: string; target: string }[];
  /** TCP ports that currently lead to the container from the Engine's machine; absent if there are none. */
  published?: readonly PublishedPort[];
  /** All ports of the Engine's machine that it holds right now, UDP too. */
  held: readonly WantedPort[];
};

/** A single port in the container, and its binding on the Engine's machine. */
export type PublishedPort = { container: number; bind: string; host: number };

export type ContainerInspection = {
  id: string;
  state: ContainerState;
  exitCode: number;
  outOfMemory: boolean;
  /** Why the Engine could not start it, in the Engine's words; empty if it could. */
  error: string;
  /** Restarts by its restart policy. */
  restarts: number;
  /** ISO 8601; absent if it never ran. */
  startedAt?: string;
  finishedAt?: string;
  /** Its addresses by network while it runs. The gateway is the Engine's machine in that network. */
  networks: readonly { name: string; address: string; gateway: string }[];
  /** Ports of this machine at creation; consecutive ones are merged. */
  published: readonly PublishedPorts[];
  /** The Engine's own health check, if there is one. */
  health?: {
    status: 'starting' | 'healthy' | 'unhealthy';
    lastOutput: string;
    /** Whether it has run since the container was started; until then it says `starting`. */
    hasRun: boolean;
  };
};

export type PublishedPorts = {
  /** Address of this machine. */
  bind: string;
  host: { first: number; last: number };
  protocol: 'tcp' | 'udp';
};

/** Something that happened to a container; others are not reported. */
export type ContainerEvent = {
  action: 'start' | 'die' | 'oom' | 'stop' | 'destroy';
  name: string;
  /** With `die`. */
  exitCode?: number;
};
