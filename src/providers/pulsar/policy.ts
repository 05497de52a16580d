import { isDeepStrictEqual } from 'node:util';
import { formatBytes } from '../../core/bytes.ts';
import { formatSeconds } from './seconds.ts';

// Policies of namespaces and topics, in the units of Pulsar's admin API.

/** Minutes and mebibytes; -1: endless. */
export type Retention = { minutes: number; megabytes: number };

export type BacklogAction = 'hold' | 'refuse' | 'evict';

/** What happens when the unacknowledged messages are so many bytes, or so many seconds old. */
export type BacklogLimit = { limit: number; action: BacklogAction };

export type Policies = {
  retention?: Retention;
  /** Seconds. */
  ttl?: number;
  backlog_size?: BacklogLimit;
  backlog_time?: BacklogLimit;
  compatibility?: string;
  deduplication?: boolean;
  schemas_required?: boolean;
  /** Seconds after which a message goes to long-term storage, and then from the broker's disk. */
  offload?: { after: number; deleteAfter: number };
};

export type Policy = keyof Policies;

/** In the order in which they are set, but for `policyOrder`. */
export const policies: readonly Policy[] = [
  'retention',
  'backlog_size',
  'backlog_time',
  'ttl',
  'compatibility',
  'deduplication',
  'schemas_required',
  'offload',
];

export function isSame(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(one, other);
}

/** A policy for people: `30d and 1 GB`, `512 MB, then producers wait`. */
export function policyText<Name extends Policy>(name: Name, value: Policies[Name]): string {
  if (value === undefined) return 'none';
  const given: Policies = { [name]: value };
  const { retention, ttl, backlog_size: size, backlog_time: time, offload } = given;
  if (retention !== undefined) return retentionText(retention);
  if (ttl !== undefined) return formatSeconds(ttl);
  if (size !== undefined) return `${formatBytes(size.limit)}, then ${actionText(size.action)}`;
  if (time !== undefined) return `${formatSeconds(time.limit)}, then ${actionText(time.action)}`;
  if (offload !== undefined)
    return `after ${formatSeconds(offload.after)}, deleted here after ${formatSeconds(offload.deleteAfter)}`;
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);
}

function retentionText({ minutes, megabytes }: Retention): string {
  const time = minutes < 0 ? 'for ever' : formatSeconds(minutes * 60);
  return megabytes < 0 ? time : `${time} and ${formatBytes(megabytes * 2 ** 20)}`;
}

function actionText(action: BacklogAction): string {
  switch (action) {
    case 'hold':
      return 'producers wait';
    case 'refuse':
      return 'producers are refused';
    case 'evict':
      return 'the oldest messages go';
    default:
      return action satisfies never;
  }
}
