import type { Problem } from '../core/errors.ts';
import type { PortProbe } from '../core/probes/probe.ts';
import type { Secret } from '../core/secret.ts';
import type { Flavour, PortRange, ProfileManifest, RestartPolicy } from '../manifest/model.ts';
import type {
  LoggingManifest,
  ReloadManifest,
  ResourcesManifest,
  VolumeFormat,
} from '../manifest/model-needs.ts';
import type { RecipeStep } from '../manifest/model-recipe.ts';
import type { ClosedFrontDoor } from './front-doors.ts';
import type { ResolvedProvision } from './provision.ts';

// One resolved stack: every reference followed, every template rendered, nothing left to decide.
// Plain values; where a part of it is secret it is a `Secret`, or a file whose `content` is one.

export type ResolvedStack = {
  project: string;
  network: string;
  /** What was added to the published ports, where they were moved. */
  portOffset?: number;
  /** What was asked for, as typed: `think`, or `realtime-ingress`. */
  selection: readonly string[];
  profile?: ProfileManifest;
  /** In dependency order; ties in order of name, so that output is deterministic. */
  containers: readonly ResolvedContainer[];
  volumes: readonly ResolvedVolume[];
  /** Roles by layer: every dependency of a layer is in an earlier one. For people to read. */
  layers: readonly (readonly string[])[];
  /** The longest chain of dependencies, by role, first started first. */
  criticalPath: readonly string[];
  /** Containers that cannot be part of this stack, and why: a required dependency was left out. */
  refused: readonly { role: string; name: string; problem: Problem }[];
  warnings: readonly Problem[];
  /** Of the warnings, those about front doors that lead to another workspace. */
  closed?: readonly ClosedFrontDoor[];
  /** Every secret value in use, so that output can be redacted. */
  secrets: readonly Secret[];
  settings: Readonly<Record<string, ResolvedSetting>>;
};

export type ResolvedSetting = {
  value: string;
  description: string;
  /** Role of the service that declares it. */
  service: string;
  /** The allowed values; any text where absent. */
  values?: readonly string[];
  source: 'default' | 'arc.yaml' | 'environment' | 'flag';
  /** How `value` was found where it was looked up: `lan: 192.168.1.5 on eth0`. */
  note?: string;
  env?: string;
};

export type ResolvedVolume = { name: string; role: string };

export type MountedVolume = { volume: string; target: string; format?: VolumeFormat };

export type ResolvedContainer = {
  kind: 'service' | 'job';
  /** Unique in the stack; the name that people type. */
  role: string;
  /** On the Engine, and host name on the network. */
  name: string;
  /** Host names on the network beside name and role. */
  aliases: readonly string[];
  service: string;
  codename: string;
  tech: string;
  description: string;
  image: ResolvedImage;
  entrypoint?: readonly string[];
  command?: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** Variables that hold secrets; absent where there are none. */
  secretEnvironment?: SecretEnvironment;
  config: readonly ResolvedConfigFile[];
  folders: readonly ResolvedFolder[];
  volumes: readonly MountedVolume[];
  tmpfs: readonly string[];
  /** Those that are published on the host. */
  ports: readonly ResolvedPort[];
  /** Those that are not: they make the container no other, and are there for probes. */
  innerPorts: readonly InnerPort[];
  user: string;
  /** Why the group is 0, where it is. */
  rootGroup?: string;
  readOnly: boolean;
  capAdd: readonly string[];
  resources: ResourcesManifest;
  /** Absent where the Engine's default will do. */
  logging?: LoggingManifest;
  restart: RestartPolicy;
  stop: { signal: string; graceSeconds: number };
  dependsOn: readonly ResolvedDependency[];
  health: ResolvedHealth;
  /** What arc makes inside its server once it is healthy; of the service on its main container. */
  provision: readonly ResolvedProvision[];
  /** Deep checks of `arc health`, those of the service on its main container. */
  checks: readonly ResolvedCheck[];
  /** Absent on a container that has one flavour only. */
  flavour?: ResolvedFlavour;
  /** The container in its embedded flavour, which takes its place where the upstream's image cannot be had. */
  fallback?: ResolvedContainer;
};

/** A flavour, and in words for people why it is this one. */
export type ResolvedFlavour = { name: Flavour; because: string };

export type ResolvedDependency = {
  role: string;
  condition: 'healthy' | 'completed';
  /** It is needed only to become healthy: the container starts beside it. */
  to?: 'ready';
  /** The Engine cannot tell whether the dependency is healthy: it has no `health.command`. */
  unchecked?: true;
  /** After the dependency was started again, the container must pass its probe for this long. */
  holdSeconds?: number;
  /** After the dependency was started again, the container is restarted. */
  restart?: true;
};

export type ResolvedImage = {
  /** The wrapper: `ghcr.io/arc-framework/arc-realtime:latest`. */
  reference: string;
  /** The base as named upstream, mirrors not applied. */
  upstream: string;
  recipe?: readonly RecipeStep[];
  user: string;
  /** Folders that the user must own in the image: targets of its volumes. */
  owned: readonly string[];
  /** File name of the wrapper's Dockerfile within the service's folder. */
  dockerfile: string;
  folder: string;
  /** OCI and `arc.service.*` labels that do not depend on when or from which commit it is built. */
  labels: Readonly<Record<string, string>>;
};

export type ResolvedConfigFile = {
  /** The path that is mounted, relative to the workspace: `services/realtime/livekit.yaml`. */
  file: string;
  /** What it is rendered from: `services/realtime/livekit.yaml.liquid`. */
  template: string;
  target: string;
  content: Secret;
  schema?: string;
  /** The content is all there is of the file: nothing says in it that arc wrote it. */
  exact?: true;
};

/** Secrets that a container gets from its environment. */
export type SecretEnvironment = {
  /** The file that Docker Compose reads them from, relative to the workspace. */
  file: string;
  variables: Readonly<Record<string, Secret>>;
};

/** A folder that is mounted as a whole. */
export type ResolvedFolder = {
  /** The path that is mounted, relative to the workspace: `services/logs/rendered/rules`. */
  folder: string;
  target: string;
  /** In order of path. */
  files: readonly ResolvedFolderFile[];
  /** How the program takes in a change while it runs. */
  reload?: ReloadManifest;
};

/** A file of a mounted folder; one without a template is mounted from where somebody wrote it. */
export type ResolvedFolderFile = Pick<ResolvedConfigFile, 'file' | 'content'> & { template?: string };

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
      /** What the Engine runs in the container; absent where arc alone asks. */
      command?: readonly string[];
      intervalSeconds: number;
      timeoutSeconds: number;
      retries: number;
      startPeriodSeconds: number;
    }
  /** A job: healthy is having exited with 0. */
  | { kind: 'exit'; timeoutSeconds: number };

/** How a container is asked: at one of its ports, or the Engine about it. */
export type Probe = PortProbe | ContainerProbe;

/** The Engine's own opinion, from `health.command`. */
export type ContainerProbe = { kind: 'container'; name: string; at?: undefined };

export type ResolvedCheck = {
  name: string;
  description: string;
  probe: Probe;
  /** Roles that must be in the stack for the check to mean anything. */
  needs: readonly string[];
};
