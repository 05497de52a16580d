import type { Owner } from '../../stack/owner.ts';
import type { PublishedPort } from './engine.ts';

/** The Engine's state at one moment: everything that belongs to one project, or is in its way. */
export type Snapshot = {
  project: string;
  containers: readonly ObservedContainer[];
  networks: readonly { id: string; name: string; driver?: string; project?: string; owner?: Owner }[];
  /** `config`: no data, but config files without a container. */
  volumes: readonly {
    name: string;
    driver?: string;
    project?: string;
    role?: string;
    owner?: Owner;
    config?: true;
  }[];
  /** Files that are mounted must be labelled for containers. */
  selinux?: boolean;
  /** The Engine has no way to this machine's files, so where they are on this machine changes nothing there. */
  copiesConfig?: true;
  /** Image id by reference, for every reference that the stack names and the Engine has. */
  images: Readonly<Record<string, string>>;
  /** Images without a name that builds of those have left, each before the one that it was made from. */
  leftovers?: readonly { id: string; wrapper: string }[];
};

export type ObservedContainer = {
  id: string;
  name: string;
  /** From arc's labels; absent on a container that arc did not make. */
  project?: string;
  role?: string;
  /** The workspace that it was made from. */
  owner?: Owner;
  service?: string;
  codename?: string;
  kind?: 'service' | 'job';
  /** Absent on one that has no flavours. */
  flavour?: { name: string; because: string };
  /** Who created it, if arc did not: `the Docker Compose project "shop"`. */
  maker?: string;
  /** The versioned hash that the container was made with: `1:3f2a…`. */
  hash?: string;
  /** Hashes of the parts that the hash is made of, so that drift has a cause. */
  parts: Readonly<Record<string, string>>;
  /** As named when it was made: `ghcr.io/arc-framework/arc-cache:latest`. */
  image: string;
  imageId: string;
  state: ContainerState;
  /** Exit code of the last run, if there was one. */
  exitCode?: number;
  /** Names of the networks that it is attached to and that still exist. */
  networks: readonly string[];
  /** Volumes, and where in it they are; absent if it has none. */
  mounts?: readonly { volume: string; target: string }[];
  /** Files and folders of the Engine's machine, and where in it they are; absent if it has none. */
  binds?: readonly { source: string; target: string }[];
  /** TCP ports that lead to it from the Engine's machine; absent if there are none or it does not run. */
  published?: readonly PublishedPort[];
  /** Roles that it needs, so that it is stopped before them. */
  dependsOn: readonly string[];
  /** Roles of its service that were part of the boot that made it; absent if no label tells. */
  booted?: readonly string[];
  /** Seconds between the stop signal and the kill. */
  graceSeconds: number;
};

export type ContainerState = 'created' | 'running' | 'paused' | 'restarting' | 'exited' | 'dead' | 'removing';
