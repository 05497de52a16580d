import type { Found, Wanted } from '../decide.ts';
import type { FieldTable } from '../fields.ts';

/** Fields of schemas/provision/nats.consumer.schema.json, in the order in which they are shown. */
export const consumerTable = {
  description: { key: 'description', unit: 'text' },
  subjects: { key: 'filter_subjects', unit: 'list' },
  deliver: { key: 'deliver_policy', unit: 'text' },
  ack_wait: { key: 'ack_wait', unit: 'seconds' },
  max_deliver: { key: 'max_deliver', unit: 'count' },
  max_ack_pending: { key: 'max_ack_pending', unit: 'count' },
} as const satisfies FieldTable;

/** `name`: of the stream and of the consumer, with a dot between: `agent-outbox.bridge`. */
export type ConsumerSpec = Wanted & { stream: string; durable: string };

export type ConsumerState = Found & {
  /** It acknowledges each message; anything else is not a consumer as arc makes them. */
  ack: string;
  /** Messages come to a subject of their own, instead of being asked for. */
  isPush: boolean;
};

/** A consumer by its name in manifests. Neither part has a dot. */
export function consumerParts(name: string): { stream: string; durable: string } {
  const dot = name.indexOf('.');
  return { stream: name.slice(0, dot), durable: name.slice(dot + 1) };
}
