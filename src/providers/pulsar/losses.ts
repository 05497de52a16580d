import { formatBytes } from '../../core/bytes.ts';
import type { Loss } from '../../core/step.ts';
import type { Policies, Policy } from './policy.ts';

/** What topics hold. `waiting`: messages that a subscription has not acknowledged. */
export type Held = { bytes: number; waiting: number };

export const nothingHeld: Held = { bytes: 0, waiting: 0 };

/** What messages a change of policies deletes, at most: Pulsar does not say how old each is. Pure. */
export function lossesOf(options: {
  before: Policies;
  after: Policies;
  changed: readonly Policy[];
  held: Held;
}): readonly Loss[] {
  const { before, after, changed, held } = options;
  const has = (name: Policy): boolean => changed.includes(name);
  const keepsLess = has('retention') && isLess(before.retention, after.retention);
  const waitsLess =
    (has('ttl') && after.ttl !== undefined && after.ttl < (before.ttl ?? Number.POSITIVE_INFINITY)) ||
    (has('backlog_size') && evictsMore(before.backlog_size, after.backlog_size)) ||
    (has('backlog_time') && evictsMore(before.backlog_time, after.backlog_time));
  return [
    ...(keepsLess && held.bytes > 0
      ? [
          {
            kind: 'data',
            text: `up to ${formatBytes(held.bytes)} of messages that were kept longer`,
          } as const,
        ]
      : []),
    ...(waitsLess && held.waiting > 0
      ? [{ kind: 'data', text: `up to ${messages(held.waiting)} that nobody has read` } as const]
      : []),
  ];
}

/** Everything that a topic or subscription holds. */
export function allOf(held: Held): readonly Loss[] {
  const parts = [
    ...(held.bytes > 0 ? [formatBytes(held.bytes)] : []),
    ...(held.waiting > 0 ? [`${messages(held.waiting)} that nobody has read`] : []),
  ];
  return parts.length === 0 ? [] : [{ kind: 'data', text: parts.join(', ') }];
}

function messages(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}

/** -1 is endless; without a retention, what everybody has read is not kept. */
function isLess(before: Policies['retention'], after: Policies['retention']): boolean {
  if (before === undefined) return false;
  if (after === undefined) return true;
  const less = (one: number, other: number): boolean => other >= 0 && (one < 0 || other < one);
  return less(before.minutes, after.minutes) || less(before.megabytes, after.megabytes);
}

function evictsMore(before: Policies['backlog_size'], after: Policies['backlog_size']): boolean {
  if (after?.action !== 'evict') return false;
  return before?.action !== 'evict' || after.limit < before.limit;
}
