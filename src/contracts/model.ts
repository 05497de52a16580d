import type { Data } from '../core/data.ts';
import type { SourceLocation } from '../core/errors.ts';
import type { ObjectSchema } from './field-schema.ts';

// What contracts/*.yaml say, as plain data: sizes in bytes, durations in seconds. Whatever a file leaves out and has no
// default is absent: a server's default is not arc's to write.

/** All contracts of the workspace, in order of name. */
export type Contracts = {
  domains: readonly Domain[];
  /** Of all domains, by domain and name. */
  messages: readonly Message[];
  /** Names are unique in the workspace. */
  streams: readonly Stream[];
  /** Names are unique in the workspace. */
  namespaces: readonly Namespace[];
};

/** A workspace need not have any. */
export const noContracts: Contracts = { domains: [], messages: [], streams: [], namespaces: [] };

/** One file. */
export type Domain = {
  /** First token of its NATS subjects. */
  name: string;
  owner: Party;
  description: string;
  /** They may receive every subject of the domain, its dead letters included. */
  observers: readonly Party[];
  /** `contracts/agent.yaml` */
  file: string;
  location: SourceLocation;
};

/** Who publishes or subscribes. `external`: no manifest of the workspace has the role, so it gets no rights. */
export type Party = { role: string; external: boolean };

export type Message = {
  /** Unique in the workspace: `voice-track-published`. */
  name: string;
  /** The name in clients: `VoiceTrackPublished`. */
  type: string;
  /** `ce-type` on both systems: `arc.agent.voice-track-published.v1`. */
  event: string;
  domain: string;
  version: number;
  description: string;
  publishers: readonly Party[];
  /** On NATS. Who consumes from Pulsar is in `pulsar.subscriptions`. */
  subscribers: readonly Subscriber[];
  nats?: NatsChannel;
  pulsar?: PulsarChannel;
  /** From its NATS stream to its Pulsar topic, with acknowledgement after Pulsar's. It has both. */
  bridge?: Bridge;
  /** Fields that are encrypted with a key of the user. */
  personal?: Personal;
  schema: ObjectSchema;
  /** Each satisfies `schema`. */
  examples: readonly Readonly<Record<string, Data>>[];
  location: SourceLocation;
};

export type Subscriber = Party & {
  /** Queue group: each message goes to one of its members. */
  queue?: string;
  /** It reads the message's stream by a durable consumer, so that nothing is lost while it is away. */
  consumer?: Consumer;
};

export type Consumer = {
  durable: string;
  deliver: 'all' | 'new';
  ack_wait: number;
  /** Deliveries of one message before it is a dead letter. Clients count them; the server's consumer has no limit. */
  max_deliver: number;
  max_ack_pending: number;
};

export type NatsChannel = {
  subject: string;
  /** Name of the stream that keeps it. */
  stream?: string;
  /** Name of the message that answers it: NATS request and reply. */
  reply?: string;
  /** Subject of what could not be validated or delivered: `agent.dead.agent.voice.track.published`. */
  dead: string;
};

/** A stream of NATS JetStream. */
export type Stream = {
  name: string;
  domain: string;
  description: string;
  subjects: readonly string[];
  storage: 'file' | 'memory';
  retention: 'limits' | 'interest' | 'workqueue';
  /** What a full stream does: drops its oldest message, or refuses the new one. */
  discard: 'old' | 'new';
  max_age?: number;
  max_bytes?: number;
  max_messages?: number;
  max_message_size?: number;
  /** How long a repeated `Nats-Msg-Id` is recognised. */
  duplicate_window: number;
  location: SourceLocation;
};

/** A namespace of Pulsar: the policies of its topics. */
export type Namespace = Policies & {
  name: string;
  domain: string;
  tenant: string;
  description: string;
  compatibility: Compatibility;
  deduplication: boolean;
  /** Long-term storage: older than this goes to the bucket, and leaves the broker's disk after `delete_after`. */
  offload?: { after: number; delete_after: number; bucket: string };
  location: SourceLocation;
};

/** Which readers and writers of neighbouring versions understand each other, as Pulsar names it. */
export type Compatibility = 'BACKWARD' | 'FORWARD' | 'FULL';

/** Policies that a topic may have of its own. */
export type Policies = {
  /** How long acknowledged messages are kept; `size` absent: endless. */
  retention?: { time: number; size?: number };
  /** Unacknowledged messages older than this are dropped. */
  ttl?: number;
  backlog?: { size?: number; time?: number; policy: 'hold' | 'refuse' | 'evict' };
};

export type PulsarChannel = Policies & {
  /** Name of the namespace. */
  namespace: string;
  /** Without tenant and namespace: `conversation`. */
  topic: string;
  /** `persistent://arc/events/conversation` */
  url: string;
  /** 0: not partitioned. */
  partitions: number;
  /** JSON pointer of the field whose value is the key, so that its messages stay in order. */
  key?: string;
  subscriptions: readonly Subscription[];
};

export type Subscription = Party & {
  name: string;
  type: 'exclusive' | 'failover' | 'shared' | 'key_shared';
  /** Where a new subscription begins. */
  from: 'earliest' | 'latest';
  /** After so many redeliveries a message goes to `topic`. Only `shared` and `key_shared` have one. */
  dead_letter?: { after: number; topic: string; url: string };
};

export type Bridge = {
  /** Messages that may wait for Pulsar's acknowledgement; then the bridge takes no more from the stream. */
  max_pending: number;
};

export type Personal = {
  /** JSON pointer of the user's id. */
  user: string;
  /** JSON pointers of what is encrypted; `*` stands for every item of a list. */
  fields: readonly string[];
};
