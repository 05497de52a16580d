import type { ObjectSchema } from './schema.ts';

/**
 * One message, as contracts/*.yaml declare it. Generated files hold these.
 *
 * @typeParam Data what a message says
 * @typeParam Reply what the message says that answers it; `never` where it is not a request
 */
export type Contract<Data extends object, Reply extends object = never> = {
  /** `voice-track-published` */
  readonly name: string;
  /** `ce-type` of its messages: `arc.agent.voice-track-published.v1`. */
  readonly event: string;
  /** Roles that may publish it. */
  readonly publishers: readonly string[];
  readonly subscribers: readonly Subscriber[];
  readonly nats?: {
    readonly subject: string;
    /** The stream that keeps it: publishing waits for its acknowledgement. */
    readonly stream?: string;
    /** Subject of what could not be read or handled. */
    readonly dead: string;
  };
  /** The contract of the answer. A function, because it may be declared later. */
  readonly reply?: () => Contract<Reply>;
  readonly personal?: Personal;
  readonly schema: ObjectSchema;
  /** Never there: it ties `Data` to the value. */
  readonly data?: Data;
};

export type Subscriber = {
  readonly role: string;
  /** Queue group: each message goes to one of its members. */
  readonly queue?: string;
  /** Name of the durable consumer that the role reads the stream by. */
  readonly durable?: string;
  /** Of one message to that consumer before it is a dead letter. */
  readonly deliveries?: number;
};

export type Personal = {
  /** JSON pointer of the user's id. */
  readonly user: string;
  /** JSON pointers of what is encrypted; `*` stands for every item of a list. */
  readonly fields: readonly string[];
};
