import type { Found, Wanted } from '../decide.ts';
import type { FieldTable } from '../fields.ts';

/** Fields of schemas/provision/nats.stream.schema.json, in the order in which they are shown. */
export const streamTable = {
  description: { key: 'description', unit: 'text' },
  subjects: { key: 'subjects', unit: 'list' },
  storage: { key: 'storage', unit: 'text' },
  retention: { key: 'retention', unit: 'text' },
  discard: { key: 'discard', unit: 'text' },
  max_age: { key: 'max_age', unit: 'seconds' },
  max_bytes: { key: 'max_bytes', unit: 'bytes' },
  max_messages: { key: 'max_msgs', unit: 'count' },
  max_message_size: { key: 'max_msg_size', unit: 'bytes' },
  duplicate_window: { key: 'duplicate_window', unit: 'seconds' },
  deny_delete: { key: 'deny_delete', unit: 'flag' },
  deny_purge: { key: 'deny_purge', unit: 'flag' },
  allow_msg_ttl: { key: 'allow_msg_ttl', unit: 'flag' },
} as const satisfies FieldTable;

export type StreamSpec = Wanted;

/** A stream that exists, and as much as has to be known of its messages to say what a change loses. */
export type StreamState = Found & {
  messages: number;
  bytes: number;
  /** Messages that are older than the wanted `max_age`; counted where that is lower than the present one. */
  expired?: number;
  /** Messages that some consumer has still to acknowledge; counted where the wanted retention is `interest`. */
  needed?: number;
};
