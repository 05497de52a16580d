import type { ObjectSchema } from '../../contracts/field-schema.ts';
import type {
  Bridge,
  Consumer,
  Namespace,
  NatsChannel,
  Personal,
  Policies,
  Stream,
  Subscription,
} from '../../contracts/model.ts';
import type { Data } from '../../core/data.ts';
import type { Part } from '../build/read.ts';

// One contract as its file has it, once the schema has found nothing wrong: names stand for what they name, and
// nothing is derived yet. Defaults are filled in.

/** A file with its contents, and the way back to the place of each. */
export type ContractFile = { file: string; part: Part; content: FileContent };

export type FileContent = {
  domain: string;
  owner: string;
  description: string;
  observers: readonly string[];
  streams?: Readonly<Record<string, Omit<Stream, 'name' | 'domain' | 'location'>>>;
  namespaces?: Readonly<Record<string, Omit<Namespace, 'name' | 'domain' | 'location'>>>;
  messages: Readonly<Record<string, FileMessage>>;
};

export type FileMessage = {
  version: number;
  description: string;
  publishers: readonly string[];
  subscribers: readonly { role: string; queue?: string; consumer?: Consumer }[];
  nats?: Omit<NatsChannel, 'dead'>;
  pulsar?: FileTopic;
  bridge?: Bridge;
  personal?: Personal;
  schema: ObjectSchema;
  examples: readonly Readonly<Record<string, Data>>[];
};

export type FileTopic = Policies & {
  namespace: string;
  topic: string;
  partitions: number;
  key?: string;
  subscriptions: readonly FileSubscription[];
};

export type FileSubscription = Pick<Subscription, 'name' | 'type' | 'from'> & {
  role?: string;
  dead_letter?: { after: number; topic?: string };
};
