import type { BacklogAction, Policies, Policy } from '../policy.ts';

// How the admin API writes the policies of a namespace.

const actions: Readonly<Record<BacklogAction, string>> = {
  hold: 'producer_request_hold',
  refuse: 'producer_exception',
  evict: 'consumer_backlog_eviction',
};

/** What the server says of a limit. */
export type WireLimit = { limitSize?: number; limitTime?: number; policy?: string };

export type WireRetention = { retentionTimeInMinutes: number; retentionSizeInMB: number };

export function retentionFrom(wire: WireRetention | null | undefined): Policies['retention'] {
  return wire == null
    ? undefined
    : { minutes: wire.retentionTimeInMinutes, megabytes: wire.retentionSizeInMB };
}

export function retentionTo(retention: Policies['retention']): WireRetention | undefined {
  return retention && { retentionTimeInMinutes: retention.minutes, retentionSizeInMB: retention.megabytes };
}

export function limitFrom(
  wire: WireLimit | undefined,
  unit: 'limitSize' | 'limitTime',
): Policies['backlog_size'] {
  if (wire === undefined) return undefined;
  const action = (Object.keys(actions) as BacklogAction[]).find((name) => actions[name] === wire.policy);
  return { limit: wire[unit] ?? 0, action: action ?? 'hold' };
}

export function limitTo(
  limit: Policies['backlog_size'],
  unit: 'limitSize' | 'limitTime',
): WireLimit | undefined {
  return limit && { [unit]: limit.limit, policy: actions[limit.action] };
}

/** The type of a backlog's limit, as a query. */
export function quotaType(policy: Extract<Policy, 'backlog_size' | 'backlog_time'>): string {
  return `backlogQuotaType=${policy === 'backlog_size' ? 'destination_storage' : 'message_age'}`;
}
