import type { Contracts } from '../contracts/model.ts';
import type { SourceLocation } from '../core/errors.ts';
import type { CheckManifest, ProbeManifest } from './model-checks.ts';
import type { FlavourManifest } from './model-flavours.ts';
import type { AlertManifest, MetricsManifest, PanelManifest } from './model-metrics.ts';
import type {
  ConfigManifest,
  FolderManifest,
  LoggingManifest,
  ResourcesManifest,
  SecretFileManifest,
  VolumeManifest,
} from './model-needs.ts';
import type { ProvisionManifest } from './model-provision.ts';
import type { ImageContent, RecipeStep } from './model-recipe.ts';
import type { ReleaseManifest } from './model-release.ts';
import type { CertificateManifest, RouteManifest } from './model-route.ts';
import type { SecretCharacters } from './secret-rules.ts';

// The typed form of services/<role>/service.yaml, services/profiles.yaml and arc.yaml, as written:
// defaults of the schema are filled in, nothing is resolved yet. Field names follow the files.

/** `services/<role>/service.yaml`: one service, its main container, its sidecars and its one-shot jobs. */
export type ServiceManifest = ContainerManifest & {
  /** The manifest's file, relative to the workspace. */
  file: string;
  /** The folder that generated files are written to, relative to the workspace. */
  folder: string;
  sidecars: readonly ContainerManifest[];
  jobs: readonly JobManifest[];
  settings: Readonly<Record<string, SettingManifest>>;
  secrets: Readonly<Record<string, SecretManifest>>;
  /** Certificates of the workspace's own authority, by name. */
  certificates: Readonly<Record<string, CertificateManifest>>;
  /** What arc creates inside the service's server, in this order. */
  provision: readonly ProvisionManifest[];
  /** Deep checks that `arc health <service>` runs after readiness, in this order. */
  checks: readonly CheckManifest[];
  /** What an operator must know of; Prometheus evaluates them. */
  alerts: readonly AlertManifest[];
  panels: readonly PanelManifest[];
};

/** Fields that the main container and sidecars share. */
export type ContainerManifest = {
  /** Name of the container and its host name on the network, for example `arc-realtime-ingress`. */
  name: string;
  /** Unique in the workspace; what people type: `realtime-ingress`. The main container's role is the service's. */
  role: string;
  codename: string;
  tech: string;
  description: string;
  /** The thin wrapper that arc builds and releases, where arc.yaml puts it. */
  image: string;
  /** The base of the wrapper, with its tag: `docker.io/livekit/ingress:v1.5.0`. */
  upstream: string;
  /** The base that the image is published on, where no registry has the upstream. */
  release_base?: string;
  /** SPDX expression of what is in the image; and what of others that is, for whoever passes it on. */
  licenses?: string;
  contains?: readonly ImageContent[];
  /** How to build the base on this machine, if that is possible from packages. The steps run in order. */
  recipe?: readonly RecipeStep[];
  /** What else can do the container's work, in order of preference after the container as it is written. */
  flavours?: readonly FlavourManifest[];
  depends_on: readonly DependencyManifest[];
  ports: readonly PortManifest[];
  health: HealthManifest;
  entrypoint?: readonly string[];
  command?: readonly string[];
  /** Values are Liquid templates over the stack's values (docs/manifest.md, "Values"). */
  environment: Readonly<Record<string, string>>;
  /** Names of secrets by the variable that gets them. */
  env_from: Readonly<Record<string, string>>;
  secret_files: readonly SecretFileManifest[];
  config: readonly ConfigManifest[];
  folders: readonly FolderManifest[];
  volumes: readonly VolumeManifest[];
  tmpfs: readonly string[];
  /** `uid:gid`, numeric. The user is never 0. */
  user: string;
  /** The reason why the group is 0, if it is. */
  root_group?: string;
  read_only: boolean;
  cap_add: readonly string[];
  /** Host names on the network beside name and role. */
  aliases: readonly string[];
  /** What the gateway forwards to it. */
  routes: readonly RouteManifest[];
  /** Where its metrics are read, and their names. */
  metrics?: MetricsManifest;
  /** Whether its templates can name `scrapes`, `alerts` and `panels`. */
  scrapes: boolean;
  /** Roles that it has no use without: a service or profile brings it only together with all of them, or beside them. */
  only_with: readonly string[];
  resources: ResourcesManifest;
  /** Where its output goes, and where that of every other container does. Values are Liquid templates. */
  logging?: LoggingManifest;
  collects_logs?: LoggingManifest;
  restart: RestartPolicy;
  stop: { signal: string; grace_seconds: number };
  location: SourceLocation;
};

/** A container that runs once to its end; it is done when it exits with 0. */
export type JobManifest = Pick<
  ContainerManifest,
  | 'name'
  | 'role'
  | 'description'
  | 'depends_on'
  | 'entrypoint'
  | 'command'
  | 'environment'
  | 'env_from'
  | 'secret_files'
  | 'config'
  | 'folders'
  | 'tmpfs'
  | 'user'
  | 'read_only'
  | 'root_group'
  | 'resources'
  | 'logging'
  | 'location'
> & { timeout_seconds: number };

export type RestartPolicy = 'no' | 'on-failure' | 'unless-stopped' | 'always';

/** A service, container or job (by role) that this container needs. */
export type DependencyManifest = {
  role: string;
  /** With `optional: true` the container also runs without it; `without` says what is lost then. */
  optional: boolean;
  /** Brings nothing into a stack: only where both are part of one, this container waits and its templates name it. */
  when_present: boolean;
  /** When it is needed: before the container starts, before it can be healthy, or never: `use` orders nothing. */
  to: 'start' | 'ready' | 'use';
  without?: string;
  /** After the dependency was started again, the container must pass its probe for this long. */
  hold_seconds?: number;
  /** After the dependency was started again, the container is restarted. */
  restart: boolean;
  location: SourceLocation;
};

export type PortManifest = {
  /** Name by which templates and probes refer to it. */
  name: string;
  container: PortRange;
  /** Equal to `container` unless given. */
  host: PortRange;
  protocol: 'tcp' | 'udp';
  /** Whether it is bound on the host. If not, `host` and `bind` have no meaning. */
  publish: boolean;
  /** Address of the host that the port is bound to. */
  bind: string;
  /** Bound beyond this machine in a production profile. */
  public: boolean;
  /** The program itself speaks TLS on it. */
  tls: boolean;
  /** The program tells clients this number, so it is the same within the container and outside, wherever it is. */
  advertised: boolean;
  /** Clients use a port of the host's address that belongs to something in front of this one. */
  front_door?: FrontDoor;
  /** That other port does not lead to this workspace, so arc does not publish this one. */
  closed?: true;
  purpose: string;
  /** Published only while every named setting has this value. */
  when: Readonly<Record<string, string>>;
  location: SourceLocation;
};

/** A fixed port that programs tell every client, so only one workspace per address can have it. */
export type FrontDoor = {
  port: number;
  /** What does not work in the other workspaces. */
  without: string;
};

/** First and last port, both included; equal for a single port. */
export type PortRange = { first: number; last: number };

export type HealthManifest = {
  /** Probed from the host until it succeeds. */
  probe: ProbeManifest;
  /** Run inside the container by the Engine, so it must be a program that the image has; none if it has none. */
  command?: readonly string[];
  interval_seconds: number;
  timeout_seconds: number;
  retries: number;
  start_period_seconds: number;
};

/** A choice that a person can make for a service, in arc.yaml, an environment variable or with `--set`. */
export type SettingManifest = {
  description: string;
  default: string;
  /** The allowed values; any text where absent. */
  values?: readonly string[];
  /** It is a whole number, and this is where it may lie, both ends included. */
  range?: { min: number; max: number };
  /** `address` also accepts `lan` and `public`, which are looked up when the stack is resolved. */
  kind: 'text' | 'address' | 'domain';
  /** Environment variable that overrides it, in arc and in the generated compose file. */
  env?: string;
  location: SourceLocation;
};

export type SecretManifest = {
  description: string;
  /** Static value for development; a profile marked `production` refuses it. */
  dev: string;
  generate: GeneratedSecret;
  /** How many characters a value has, wherever it comes from. */
  length: { min: number; max: number };
  characters: SecretCharacters;
  /** Environment variable that overrides it. */
  env: string;
  /** Hidden in output; false for what only names something. */
  sensitive: boolean;
  location: SourceLocation;
};

/** `nkey`: the seed of a NATS user. */
export type GeneratedSecret = { kind: 'text'; length: number; prefix: string } | { kind: 'nkey' };

export type ProfileManifest = {
  name: string;
  description: string;
  extends?: string;
  services: readonly string[];
  /** Refuses development secrets. */
  production: boolean;
  needs: { cpus?: number; disk?: number };
  location: SourceLocation;
};

/** `arc.yaml`: what is true of the whole workspace. Absent file: all defaults. */
export type WorkspaceManifest = {
  project: string;
  /** Names of containers and volumes on the Engine: those of the manifests, or `<project>-<role>`. */
  names: NamePolicy;
  /** Where on the host ports are published. */
  ports: PortsManifest;
  network: string;
  bases: BasePolicy;
  /** Per container, by role. */
  base_overrides: Readonly<Record<string, BasePolicy>>;
  /** `auto`, the first flavour that arc can get, or the name of one; per container, by role, in the next field. */
  flavours: string;
  flavour_overrides: Readonly<Record<string, string>>;
  /** Replaces the registry part of upstream references: `{ "docker.io": "mirror.example" }`. */
  mirrors: Readonly<Record<string, string>>;
  settings: Readonly<Record<string, string>>;
  default_profile: string;
  /** Registry and path that all images are in: `ghcr.io/ada`. The manifests' `image` has it already. */
  images?: string;
  release?: ReleaseManifest;
};

export type NamePolicy = 'manifest' | 'project';

export type PortsManifest = {
  /** Added to every published port; `auto`: one that arc chooses once for each workspace. */
  offset: number | 'auto';
  /** Whether the front doors lead here; absent, they do where ports are not moved. */
  front_door?: boolean;
};

/** Where base images come from: a registry, then local builds; or only one of the two. */
export type BasePolicy = 'auto' | 'registry' | 'local';

/** Everything that the workspace's files say. */
export type Manifests = {
  workspace: WorkspaceManifest;
  services: readonly ServiceManifest[];
  profiles: readonly ProfileManifest[];
  contracts: Contracts;
};
