import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { formatBytes } from '../../../core/bytes.ts';
import type { BucketField, BucketFields, BucketState, LifecycleRule } from './model.ts';

/** Whether a field on the server has its wanted value. */
export function isAsWanted<Field extends BucketField>(
  field: Field,
  wanted: BucketFields[Field],
  state: BucketState,
): boolean {
  return isDeepStrictEqual(comparable(wanted), comparable(state[field]));
}

/** Short enough for a tag, and the same for equal values. */
export function fieldHash(value: unknown): string {
  return hash('sha256', JSON.stringify(comparable(value))).slice(0, 16);
}

/** Rules have no order on a server. */
function comparable(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return (value as readonly LifecycleRule[])
    .map(({ prefix, expireDays = 0, expireNoncurrentDays = 0 }) => [prefix, expireDays, expireNoncurrentDays])
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** The field's name in a manifest. */
export const fieldNames: Readonly<Record<BucketField, string>> = {
  versioning: 'versioning',
  lifecycle: 'lifecycle',
  quotaBytes: 'quota',
  policy: 'policy',
};

/** A field's value for people: `on`, `tmp/ after 7 days`, `50.0 GB`. */
export function fieldText(field: BucketField, value: unknown): string {
  switch (field) {
    case 'versioning':
      return value === true ? 'on' : 'off';
    case 'quotaBytes':
      return typeof value === 'number' && value > 0 ? formatBytes(value) : 'none';
    case 'policy':
      return String(value);
    case 'lifecycle':
      return Array.isArray(value) ? rulesText(value as readonly LifecycleRule[]) : String(value);
    default:
      return field satisfies never;
  }
}

function rulesText(rules: readonly LifecycleRule[]): string {
  return rules.length === 0 ? 'none' : rules.map(ruleText).join(', ');
}

function ruleText({ prefix, expireDays, expireNoncurrentDays }: LifecycleRule): string {
  const what = prefix === '' ? 'everything' : prefix;
  const when = [
    ...(expireDays === undefined ? [] : [`after ${days(expireDays)}`]),
    ...(expireNoncurrentDays === undefined ? [] : [`earlier versions after ${days(expireNoncurrentDays)}`]),
  ];
  return `${what} ${when.join(', ')}`;
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`;
}
