import type { Contracts, Message } from '../contracts/model.ts';
import type { Fields } from '../core/data.ts';
import type { Secret } from '../core/secret.ts';
import type { Reached, SocketAddress } from '../core/socket-address.ts';

/** What `arc contract` does in a system that messages go through. */
export type MessageTools = {
  system: MessageSystemName;
  /** Whether a message goes through it. */
  has: (message: Message) => boolean;
  /** Whether it knows who is who by their keys; if not, arc itself holds publishers to the contract. */
  knowsRoles: boolean;
  /** Name of the port that clients in containers connect to. */
  clientPort: (probe: { port: string; fields: Fields }) => string;
  /** @throws ArcError `not-permitted` where somebody may not, `messaging-refused` */
  publish: (given: MessageServer & OutgoingMessage) => Promise<Published>;
  /** Shows messages as they arrive, until the signal is aborted. */
  tail: (given: MessageServer & Reading) => Promise<void>;
  /** Shows the messages that are kept, up to now; oldest first. It disturbs nobody who reads. */
  replay: (given: MessageServer & Replaying) => Promise<void>;
  /** How far each consumer is behind. */
  lag: (given: MessageServer & { contracts: Contracts }) => Promise<readonly Lag[]>;
};

/** In output, and for `--on`, in the order in which arc chooses. */
export const messageSystemNames = ['nats', 'pulsar'] as const;

export type MessageSystemName = (typeof messageSystemNames)[number];

/** A server, and who talks to it: arc itself unless `as` says otherwise. */
export type MessageServer = {
  role: string;
  /** Of a probe of the server, which holds arc's key. */
  fields: Fields;
  address: SocketAddress;
  /** The way to another port of the same container, by its name in the manifest. */
  reach: (port: string) => Promise<Reached>;
  as?: { role: string; seed: Secret };
  signal: AbortSignal;
};

export type OutgoingMessage = {
  message: Message;
  /** JSON. */
  body: string;
  /** CloudEvents in binary mode, and the trace context. */
  headers: Readonly<Record<string, string>>;
};

/** `kept`: by which stream or topic, and as which of its messages. */
export type Published = { subject: string; kept?: Kept };

export type Kept = { stream: string; sequence: number } | { topic: string; position: string };

export type Reading = {
  messages: readonly Message[];
  /** Those that could not be validated or delivered, in their place. */
  dead: boolean;
  onMessage: (message: ArrivedMessage) => void;
};

export type Replaying = Omit<Reading, 'onMessage'> & {
  since: Date | undefined;
  /** Each message has a time. The next one is not read before this has ended. */
  onMessage: (message: ArrivedMessage) => Promise<void>;
};

export type ArrivedMessage = {
  subject: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** When the server took it, where that is known; ISO 8601. */
  time?: string;
};

/** A consumer, and what is still to come to it. */
export type Lag = {
  system: MessageSystemName;
  /** Name of the stream or topic. */
  from: string;
  consumer: string;
  pending: number;
  /** Delivered, and not acknowledged yet. */
  unacknowledged: number;
  /** Age of the oldest message that is to come, in seconds; absent if there is none. */
  oldestSeconds?: number;
};
