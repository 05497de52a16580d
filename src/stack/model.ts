import type { Contracts } from '../contracts/model.ts';
import type { Problem } from '../core/errors.ts';
import type { PortProbe } from '../core/probes/probe.ts';
import type { Secret } from '../core/secret.ts';
import type { PortRange, ProfileManifest, RestartPolicy } from '../manifest/model.ts';
import type {
  LoggingManifest,
  ReloadManifest,
  ResourcesManifest,
  VolumeFormat,
} from '../manifest/model-needs.ts';
import type { RecipeStep } from '../manifest/model-recipe.ts';
import type { KeptFile } from './certificates.ts';
import type { ClosedFrontDoor } from './front-doors.ts';
import type { ResolvedProvision } from './provision.ts';

// Plain values. A secret is always a `Secret`, or a file whose `content` is one.

/** What both kinds of stack have: every reference followed, every template rendered. */
type StackCore = {
  project: string;
  network: string;
  /** The offset of the published ports; absent if they have none. */
  portOffset?: number;
  volumes: readonly ResolvedVolume[];
  /** Roles by layer: every dependency of a layer is in an earlier one. For people to read. */
  layers: readonly (readonly string[])[];
  /** The longest chain of dependencies, by role, first started first. */
  criticalPath: readonly string[];
  /** Files with what is new of certificates, to be written before any container gets it. */
  keep: readonly KeptFile[];
  /** Every secret value in use, so that output can be redacted. */
  secrets: readonly Secret[];
  settings: Readonly<Record<string, ResolvedSetting>>;
  /** Of the whole workspace, whatever is selected: parties that are not `external` have a manifest. */
  contracts: Contracts;
  /** Roles of this stack, and of containers that there are beside it. */
  roles: ReadonlySet<string>;
};

/**
 * What manifests, profiles and settings describe. A container with several flavours may still have them all: which one
 * runs depends on the images that arc can get. `src/stack/bootable.ts` makes a `BootableStack` of it.
 */
export type Stack = StackCore & {
  /** The selection as typed: `think`, or `realtime-ingress`. */
  selection: readonly string[];
  profile?: ProfileManifest;
  /** In dependency order; ties in order of name, so that output is deterministic. */
  containers: readonly DescribedContainer[];
  /** Containers that cannot be part of this stack, and why: a required dependency was left out. */
  refused: readonly Refused[];
  warnings: readonly Problem[];
  /** The warnings about front doors that lead to another workspace. */
  closed?: readonly ClosedFrontDoor[];
  /** The same with other flavours, and all that follows from them: other containers may name a port of one. */
  inFlavours: (taken: Readonly<Record<string, ResolvedFlavour>>) => Stack;
};

/** What arc can boot: each container has one flavour, so nothing is left to decide. */
export type BootableStack = StackCore & {
  /** In dependency order; ties in order of name, so that output is deterministic. */
  containers: readonly ResolvedContainer[];
};

export type ResolvedSetting = {
  value: string;
  description: string;
  /** Role of the service that declares it. */
  service: string;
  /** The allowed values; if absent, any text. */
  values?: readonly string[];
  /** It is a whole number from here to there. */
  range?: { min: number; max: number };
  /** It is an IP address or the name of a domain, and never any other text. */
  kind?: 'address' | 'domain';
  source: 'default' | 'arc.yaml' | 'environment' | 'flag';
  /** Source of a value that arc looked up: `lan: 192.168.1.5 on eth0`. */
  note?: string;
  env?: string;
};

export type ResolvedVolume = { name: string; role: string };

export type MountedVolume = { volume: string; target: string; format?: VolumeFormat };

export type ResolvedContainer = {
  kind: 'service' | 'job';
  /** Unique in the stack; the name that people type. */
  role: string;
  /** Name on the Engine, and host name on the network. */
  name: string;
  /** More host names on the network, besides name and role. */
  aliases: readonly string[];
  service: string;
  codename: string;
  tech: string;
  description: string;
  image: ResolvedImage;
  entrypoint?: readonly string[];
  command?: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** Variables that hold secrets; absent if there are none. */
  secretEnvironment?: SecretEnvironment;
  config: readonly ResolvedConfigFile[];
  folders: readonly ResolvedFolder[];
  volumes: readonly MountedVolume[];
  tmpfs: readonly string[];
  /** Ports that are published on the host. */
  ports: readonly ResolvedPort[];
  /** Ports that are not published. They are for probes; a change of them does not recreate the container. */
  innerPorts: readonly InnerPort[];
  /** Roles that it has no use without; absent where there are none. */
  onlyWith?: readonly string[];
  user: string;
  /** The reason for the group 0, if the group is 0. */
  rootGroup?: string;
  readOnly: boolean;
  capAdd: readonly string[];
  resources: ResourcesManifest;
  /** Absent if the Engine's default is enough. */
  logging?: LoggingManifest;
  restart: RestartPolicy;
  stop: { signal: string; graceSeconds: number };
  dependsOn: readonly ResolvedDependency[];
  health: ResolvedHealth;
  /** Resources that arc creates inside the server once it is healthy. The main container has those of the service. */
  provision: readonly ResolvedProvision[];
  /** Deep checks of `arc health`. The main container has those of the service. */
  checks: readonly ResolvedCheck[];
  /** Absent on a container with a single flavour. */
  flavour?: ResolvedFlavour;
  /** Only a `DescribedContainer` has them, so the compiler refuses it where a chosen flavour is needed. */
  alternatives?: never;
  absence?: never;
};

/** A container whose flavour may not be chosen yet. */
export type DescribedContainer = Omit<ResolvedContainer, 'alternatives' | 'absence'> & {
  /** What replaces it if arc cannot get the image, in order of preference; absent if nothing does. */
  alternatives?: readonly Alternative[];
  /** The flavour that leaves it out if arc can get no image, and what the stack does without then. */
  absence?: { name: string; without: string };
};

/** A container that cannot be part of a stack, and why. */
export type Refused = {
  role: string;
  name: string;
  problem: Problem;
  /** Its flavour, if that is what leaves it out. */
  flavour?: ResolvedFlavour;
};

/** A flavour, and the reason for it in words for people. */
export type ResolvedFlavour = {
  name: string;
  because: string /** What is lost with it. */;
  without?: string;
};

/** What has to be known of a flavour to choose it. */
export type Alternative = {
  name: string;
  /** What is lost with it. */
  without?: string;
  description: string;
  image: ResolvedImage;
  volumes: readonly MountedVolume[];
};

export type ResolvedDependency = {
  role: string;
  condition: 'healthy' | 'completed';
  /** The container needs it only to become healthy, and starts in parallel with it. */
  to?: 'ready';
  /** It does without, where the other one is not there: neither comes or goes with the other one. */
  whenPresent?: true;
  /** The Engine cannot tell whether the dependency is healthy: it has no `health.command`. */
  unchecked?: true;
  /** After a restart of the dependency, the container must pass its probe for this long. */
  holdSeconds?: number;
  /** After a restart of the dependency, arc restarts the container. */
  restart?: true;
};

export type ResolvedImage = {
  /** The wrapper: `ghcr.io/arc-framework/arc-realtime:latest`. */
  reference: string;
  /** The base's upstream name, before mirrors. */
  upstream: string;
  /** The base that it is published on, where no registry has the upstream. */
  releaseBase?: string;
  recipe?: readonly RecipeStep[];
  user: string;
  /** Folders that the user must own in the image: targets of its volumes. */
  owned: readonly string[];
  /** File name of the wrapper's Dockerfile within the service's folder. */
  dockerfile: string;
  folder: string;
  /** OCI and `arc.service.*` labels that depend neither on the time nor on the commit of the build. */
  labels: Readonly<Record<string, string>>;
};

export type ResolvedConfigFile = {
  /** The mounted path, relative to the workspace: `services/realtime/livekit.yaml`. */
  file: string;
  /** Its template: `services/realtime/livekit.yaml.liquid`. */
  template: string;
  target: string;
  content: Secret;
  schema?: string;
  /** The file is the content alone, without a comment that arc wrote it. */
  exact?: true;
};

/** Secrets that a container gets from its environment. */
export type SecretEnvironment = {
  /** The file from which Docker Compose reads them, relative to the workspace. */
  file: string;
  variables: Readonly<Record<string, Secret>>;
};

/** A folder that arc mounts as a whole. */
export type ResolvedFolder = {
  /** The mounted path, relative to the workspace: `services/logs/rendered/rules`. */
  folder: string;
  target: string;
  /** In order of path. */
  files: readonly ResolvedFolderFile[];
  /** How the running program loads a change. */
  reload?: ReloadManifest;
  /** Rendered and reloaded also by boots that do not include the container. */
  follows?: true;
};

/** A file of a mounted folder. arc mounts a file without a template from its original place. */
export type ResolvedFolderFile =
  | { file: string; template: string; content: Secret }
  | { file: string; template?: never; content: FileContent };

/** The contents of a mounted file: text, or bytes if it is not text in UTF-8. Only text can contain secrets. */
export type FileContent = Secret | Uint8Array;

export type InnerPort = { name: string; container: PortRange; protocol: 'tcp' | 'udp'; purpose: string };

export type ResolvedPort = InnerPort & {
  host: PortRange;
  bind: string;
  /** Bound to 0.0.0.0 in a production profile. */
  public?: true;
};

export type ResolvedHealth =
  | {
      kind: 'probe';
      probe: Probe;
      /** The command that the Engine runs in the container; absent if only arc probes. */
      command?: readonly string[];
      intervalSeconds: number;
      timeoutSeconds: number;
      retries: number;
      startPeriodSeconds: number;
    }
  /** A job is healthy once it has exited with 0. */
  | { kind: 'exit'; timeoutSeconds: number };

/** How arc probes a container: at one of its ports, or through the Engine. */
export type Probe = PortProbe | ContainerProbe;

/** The Engine's own health status, from `health.command`. */
export type ContainerProbe = { kind: 'container'; name: string; at?: undefined };

export type ResolvedCheck = {
  name: string;
  description: string;
  probe: Probe;
  /** Roles that the stack must have for the check to make sense. */
  needs: readonly string[];
};
