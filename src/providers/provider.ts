import type { Contracts } from '../contracts/model.ts';
import type { Fields } from '../core/data.ts';
import type { Problem, SourceLocation } from '../core/errors.ts';
import type { ProbeKind } from '../core/probes/probe.ts';
import type { PortName, Reach, SocketAddress } from '../core/socket-address.ts';
import type { Loss } from '../core/step.ts';
import type { Activity, ActivityQuestion } from './activity.ts';
import type { AgentTools, WorkerTools } from './agents.ts';
import type { InsideKind } from './inside-kind.ts';
import type { LogStore } from './log-store.ts';
import type { MessageTools } from './messages.ts';
import type { MetricsSource } from './metrics-source.ts';
import type { ListRecordings, StoredObjects } from './recordings.ts';
import type { SqlTools } from './sql.ts';
import type { TraceTools } from './traces.ts';
import type { VoiceTools } from './voice.ts';

/**
 * Everything that arc knows about one technology, in its own folder. `src/app/providers.ts` lists the providers; no
 * other file names one, and no provider names another. Modules that load slowly are imported when they are called.
 */
export type Provider = {
  /** Name of its folder: `livekit`. */
  name: string;
  /** The kind of probe. A container with a probe or a check of this kind is a server of the technology. */
  probe: ProbeKind;
  /** The kinds of objects that manifests can provision inside its servers. */
  inside?: readonly InsideKind[];
  /** What the contracts want inside a server, as manifests would provision it. Pure. */
  fromContracts?: (given: ContractsFor) => readonly ContractProvision[];
  /** What `arc contract` does in its servers. */
  messages?: MessageTools;
  /** What is wrong with how a server is configured, beyond the fields of one file. Pure. */
  configProblems?: (given: ConfiguredServer) => readonly Problem[];
  /** How `arc logs` searches its servers. */
  logs?: LogStore;
  /** What `arc sql` does in its servers. */
  sql?: SqlTools;
  /** What its servers do now, for `arc top`. What does not answer has no counts; never throws. */
  activity?: (question: ActivityQuestion) => Promise<readonly Activity[]>;
  /** What `arc trace` asks its servers. */
  traces?: TraceTools;
  /** What `arc agents` does through its servers. */
  agents?: AgentTools;
  /** How a worker for conversations is asked; one is whatever has a probe of this kind. */
  worker?: WorkerTools;
  /** What `arc voice` does through its servers. */
  voice?: VoiceTools;
  /** The recordings of its servers, for `arc agents forget`. */
  recordings?: ListRecordings;
  /** Reads and removes objects of its servers, for `arc agents forget`. */
  objects?: StoredObjects;
  /** How `arc metrics` and `arc panels` ask its servers. */
  metrics?: MetricsSource;
  /**
   * What people would lose, according to a running server. A server that does not answer in time has nothing to lose.
   */
  losses?: (question: LossQuestion) => Promise<readonly ServerLoss[]>;
  /** Ends live sessions, so that their participants are told and the server can stop. Called only with consent. */
  endLive?: (question: LossQuestion) => Promise<void>;
  /** Programs in its container that keep everybody from writing while its data is moved. */
  holdWrites?: HoldWrites;
  /** What a developer needs to know about a server that is ready. Pure. */
  answer?: (given: { server: Server; address: SocketAddress | undefined; program: string }) => ServerAnswer;
  /** Lets a client into a server. */
  token?: (given: {
    server: Server;
    address: SocketAddress | undefined;
    grant: Grant;
  }) => Promise<ClientToken>;
  /** Where to look when one of its checks fails, beyond the answer; undefined if there is nothing more. Pure. */
  hint?: (given: { fields: Fields; container: CheckedContainer }) => string | undefined;
  /** Kernel settings that it needs. */
  udpBuffers?: UdpBuffers;
};

/** `roles`: the services that run or are about to, so that nothing is kept for one that nobody runs. */
export type ContractsFor = {
  contracts: Contracts;
  roles: ReadonlySet<string>;
  /** As chosen for this run. */
  settings: Readonly<Record<string, string>>;
};

/** Something inside a server that follows from a contract; its fields are as the schema of its kind has them. */
export type ContractProvision = {
  /** `nats.stream` */
  kind: string;
  name: string;
  fields: Fields;
  /** Place in the contract. */
  location: SourceLocation;
};

/** A container of the technology with its config files, each with its path in the workspace. `shm`: bytes, if set. */
export type ConfiguredServer = {
  name: string;
  role: string;
  shm?: number;
  files: readonly { path: string; text: string }[];
};

/** `forget` leaves nothing of it in the data and still lets nobody write; `end` lets everybody write again. */
export type HoldWrites = Readonly<Record<'begin' | 'forget' | 'end', readonly string[]>>;

/** How other machines reach a container, as far as the provider knows. */
export type CheckedContainer = {
  environment: Readonly<Record<string, string>>;
  ports: readonly { protocol: 'tcp' | 'udp'; host: { first: number; last: number } }[];
};

/** A container that a provider's probes ask. */
export type Server = {
  role: string;
  /** Role of the container. */
  name: string;
  /** The probes for readiness and for checks. */
  probes: readonly [ServerProbe, ...ServerProbe[]];
};

/** `needs`: the roles that a check is about besides its server. Readiness has none. */
export type ServerProbe = { at: PortName; fields: Fields; needs: readonly string[] };

/** What is about to happen to containers of a stack, by role. */
export type LossQuestion = {
  server: Server;
  stops: ReadonlySet<string>;
  /** Containers whose data is removed. */
  removes: ReadonlySet<string>;
  reach: Reach;
  signal: AbortSignal;
};

/** `role`: the container that loses it. */
export type ServerLoss = Loss & { role: string };

/** `data` is for programs, `lines` are for people: what it is, and a value to copy. */
export type ServerAnswer = {
  data: Readonly<Record<string, string | null>>;
  lines: readonly (readonly [label: string, value: string])[];
};

/** The rights of a token's holder, and how long they last, in seconds. */
export type Grant = { room: string; identity: string; seconds: number; publish: boolean; admin: boolean };

/** `url` is null if no client gets there. */
export type ClientToken = { url: string | null; token: string };

/** Bytes of `net.core.rmem_max`. */
export type UdpBuffers = {
  /** Below this, `consequence`. */
  least: number;
  advised: number;
  /** `LiveKit loses packets under load`. */
  consequence: string;
};
