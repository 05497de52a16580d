import type { Held } from '../losses.ts';
import type { PulsarMark } from '../mark.ts';
import type { Policies, Policy } from '../policy.ts';

/** A topic as it is declared. Policies that are absent stay as they are. */
export type TopicSpec = {
  /** `arc/events/conversation` */
  name: string;
  persistent: boolean;
  /** 0: not partitioned. */
  partitions: number;
  policies: Policies;
};

export type TopicState = {
  isPersistent: boolean;
  partitions: number;
  policies: Policies;
  mark?: PulsarMark;
  /** What it holds, read only where a change or removal may lose it. */
  held: Held;
  /** Names of its subscriptions. Only read of one that nobody declares any more. */
  subscriptions: readonly string[];
};

/** What topics can have of their own. */
export const topicPolicies = [
  'retention',
  'ttl',
  'backlog_size',
  'backlog_time',
  'schemas_required',
] as const satisfies readonly Policy[];

export type TopicPolicy = (typeof topicPolicies)[number];
